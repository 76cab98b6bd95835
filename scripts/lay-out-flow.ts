// Writes flows/ripe.json, or the file that is named: `node scripts/lay-out-flow.ts [file]`. The REST part comes from
// the route table, so that a new route only has to be laid out, not copied.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { httpInUrl, type Method, type Route } from '../src/domain/rest/route.ts';
import { ROUTES } from '../src/domain/rest/routes.ts';
import {
  comment,
  debug,
  group,
  linkIn,
  linkOut,
  nodes,
  openEnd,
  openStart,
  type Placed,
  place,
  TAB,
  widthOf,
} from './lib/flow-sheet.ts';

const GARDEN = 'ripe.garden';
/** What a job runner asks for when it is alone, as its dialog has it: a copy that somebody has opened and closed is unchanged. */
const ALONE = {
  duration: '60',
  rule: 'finish',
  sends: 'payload',
  on: '1',
  onType: 'num',
  off: '0',
  offType: 'num',
  supplies: '',
};
const ROW = 40;
/** Between two groups. */
const GAP = 18;
const REST_COLOUR = '#ef6c00';
nodes.push(
  {
    id: TAB,
    type: 'tab',
    label: 'RIPE',
    disabled: false,
    info: 'The garden. Readings come in from MQTT on the left, agents decide in the middle, jobs run on the right; calls over HTTP come in below. Put a node of your own on any wire.',
  },
  {
    id: GARDEN,
    type: 'ripe-garden',
    name: 'Garden',
    file: '',
    logLines: '',
    registration: '',
    externalHost: '',
    supplies: '',
    longestRun: '',
    dailyBudget: '',
    rawDays: '',
    rowDays: '',
    historyDays: '',
    commitMs: '',
    homeAssistant: '',
    homeAssistantPrefix: '',
    homeAssistantSilence: '',
  },
  {
    id: 'ripe.broker',
    type: 'ripe-broker',
    name: 'Embedded broker',
    kind: 'embedded',
    scheme: 'mqtt',
    host: '',
    port: '1883',
    path: '',
    protocol: 'auto',
    verifyCertificate: true,
    ca: '',
    external: [],
  },
);

function layOutGarden(): void {
  const runtime = 'ripe.runtime';
  group('ripe.group.mqtt', '1 · MQTT', '#2e7d32', { x: 34, y: 99, w: 372, h: 222 }, [
    linkIn('ripe.in.commands', 'commands', ['ripe.out.commands'], 75, 200, 'ripe.pool'),
    place(
      {
        id: 'ripe.pool',
        type: 'ripe-broker-pool',
        name: 'Brokers',
        garden: GARDEN,
        brokers: ['ripe.broker'],
        useSettings: true,
        mode: '',
        failBack: '',
        queue: '',
        subscribe: 'wildcard',
        topics: [],
        output: 'auto',
        publishTopic: '',
        publishQos: '0',
        publishRetain: false,
        clientId: '',
        keepAlive: '5',
        ackAfterCommit: '',
      },
      240,
      200,
      [[runtime], [runtime, 'ripe.out.brokers']],
    ),
    openEnd('ripe.out.brokers', 'brokers come and go', 365, 240),
    comment(
      'ripe.note.mqtt',
      'Sensors talk MQTT',
      150,
      140,
      'Output 1: readings and log lines. Output 2: brokers that come and go, and delivery reports.',
    ),
    place(
      {
        id: 'ripe.embedded',
        type: 'ripe-embedded-broker',
        name: 'Embedded broker',
        garden: GARDEN,
        port: '',
        host: '',
        websocket: true,
      },
      150,
      280,
      [['ripe.debug.clients']],
    ),
    debug('ripe.debug.clients', 'MQTT clients', 'payload', 320, 280),
  ]);
  group('ripe.group.plugins', 'Agent code', '#8e24aa', { x: 34, y: 339, w: 372, h: 82 }, [
    place(
      { id: 'ripe.loader', type: 'ripe-plugin-loader', name: 'Agent types', garden: GARDEN, folder: '' },
      150,
      380,
      [['ripe.out.plugins']],
    ),
    linkOut('ripe.out.plugins', 'agent types loaded', 'ripe.in.plugins', 365, 380),
  ]);
  group('ripe.group.runtime', '2 · Twins and their agents', '#1565c0', { x: 1154, y: 99, w: 372, h: 322 }, [
    comment(
      'ripe.note.runtime',
      'One live twin per sensor',
      1280,
      140,
      'Twins are in flow context: flow.get("sensors").',
    ),
    linkIn('ripe.in.steps', 'job steps and events', ['ripe.out.steps'], 1195, 280, runtime),
    linkIn('ripe.in.plugins', 'agent types loaded', ['ripe.out.plugins'], 1195, 380, runtime),
    place({ id: runtime, type: 'ripe-sensor-runtime', name: 'Sensors', garden: GARDEN }, 1340, 220, [
      ['ripe.out.commands'],
      ['ripe.runner'],
      ['ripe.response'],
      ['ripe.debug.events', 'ripe.out.events'],
      ['ripe.out.answers'],
    ]),
    linkOut('ripe.out.commands', 'commands', 'ripe.in.commands', 1485, 160),
    debug('ripe.debug.events', 'events', 'true', 1430, 300),
    openEnd('ripe.out.events', 'events', 1485, 340),
    openEnd('ripe.out.answers', 'answers to calls of your own', 1485, 380),
  ]);
  group(
    'ripe.group.jobs',
    '3 · Jobs: water that always stops',
    '#00838f',
    { x: 1574, y: 99, w: 392, h: 182 },
    [
      comment(
        'ripe.note.jobs',
        'A rain check? Put a node on the wire before Jobs',
        1770,
        140,
        'Whatever drops a job/start message on this wire stops the job.',
      ),
      place(
        { id: 'ripe.runner', type: 'ripe-job-runner', name: 'Jobs', garden: GARDEN, ...ALONE },
        1680,
        220,
        [['ripe.out.steps'], ['ripe.out.steps']],
      ),
      linkOut('ripe.out.steps', 'job steps and events', 'ripe.in.steps', 1865, 220),
    ],
  );
  group('ripe.group.answers', '4 · Answers over HTTP', REST_COLOUR, { x: 1574, y: 339, w: 392, h: 82 }, [
    httpResponse('ripe.response', 'answer', 1690, 380),
  ]);
}

const api = (id: string, x: number, y: number, refusals: string) =>
  place({ id, type: 'ripe-api', name: 'API', garden: GARDEN }, x, y, [['ripe.runtime'], [refusals]]);

const httpResponse = (id: string, name: string, x: number, y: number) =>
  place({ id, type: 'http response', name, statusCode: '', headers: {} }, x, y);

function httpIn(method: Method, route: Route, left: number, y: number, to: string): Placed {
  const id = `ripe.http.${route.operation}.${method.toLowerCase()}`;
  const url = httpInUrl(route);
  const name = `${method} ${route.path}`;
  const node = {
    id,
    type: 'http in',
    name,
    url,
    method: method.toLowerCase(),
    upload: false,
    swaggerDoc: '',
  };
  return place(node, left + widthOf(name) / 2, y, [[to]]);
}

type IsOfGroup = (route: Route) => boolean;

/** A group with one `http in` per method and path, and the API that they lead to, straight to the runtime. Answers where it ends. */
function layOutRoutes(name: string, x: number, y: number, belongs: IsOfGroup): number {
  const id = `ripe.api.${name}`;
  const refused = `ripe.refused.${name}`;
  const calls = ROUTES.filter(belongs).flatMap((route) => route.methods.map((method) => ({ route, method })));
  const members = calls.map(({ route, method }, index) =>
    httpIn(method, route, x + 26, y + 41 + index * ROW, id),
  );
  members.push(api(id, x + 450, y + 41, refused));
  members.push(httpResponse(refused, 'refused', x + 450, y + 101));
  const height = calls.length * ROW + 42;
  group(`ripe.group.rest.${name}`, `REST · ${name}`, REST_COLOUR, { x, y, w: 522, h: height }, members);
  return y + height;
}

/** Calls of other tabs, by `msg.call`: their answers are no HTTP responses. */
function layOutOwnCalls(x: number, y: number): void {
  group('ripe.group.calls', 'Calls of your own', REST_COLOUR, { x, y, w: 522, h: 82 }, [
    openStart('ripe.in.calls', 'calls', x + 41, y + 41, 'ripe.api'),
    api('ripe.api', x + 450, y + 41, 'ripe.out.answers'),
  ]);
}

function layOutRest(): void {
  const isSensor: IsOfGroup = ({ path }) => path.startsWith('/api/sensor');
  const isOfAgent: IsOfGroup = ({ path }) => path.startsWith('/api/agent/');
  const isPlugin: IsOfGroup = ({ path }) => path.startsWith('/api/plugin');
  const isOfGarden: IsOfGroup = (route) => !isSensor(route) && !isOfAgent(route) && !isPlugin(route);
  layOutOwnCalls(594, 339);
  // What is asked most comes first: Express looks at one route after the other.
  layOutRoutes('sensors', 34, 479, isSensor);
  // A step lower: the wire of the sensors' API passes above.
  const agents = layOutRoutes('agents', 594, 559, isOfAgent);
  const garden = layOutRoutes('garden', 594, agents + GAP, isOfGarden);
  layOutRoutes('plugins', 594, garden + GAP, isPlugin);
}

comment(
  'ripe.note.title',
  'RIPE: readings in, agents decide, jobs run, water stops',
  240,
  60,
  'Every wire carries ordinary messages, documented in docs/messages.md. Anything may be put on a wire: a rain check, a calibration, a notification.',
);
layOutGarden();
layOutRest();
const file = process.argv[2] ?? path.join(import.meta.dirname, '..', 'flows', 'ripe.json');
writeFileSync(file, `${JSON.stringify(nodes, null, 2)}\n`);
