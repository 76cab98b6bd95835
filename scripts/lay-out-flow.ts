// Writes flows/ripe.json, or the file that is named: `node scripts/lay-out-flow.ts [file]`. The REST part comes from
// the route table, so that a new route only has to be laid out, not copied.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { httpInUrl, type Method, type Route } from '../src/domain/rest/route.ts';
import { ROUTES } from '../src/domain/rest/routes.ts';
import {
  comment,
  debug,
  type FlowNode,
  group,
  linkIn,
  linkOut,
  nodes,
  openEnd,
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
const ROUTES_TOP = 479;
nodes.push(
  {
    id: TAB,
    type: 'tab',
    label: 'RIPE',
    disabled: false,
    info: 'The garden. Readings come in from MQTT on the left, agents decide in the middle, jobs run on the right; the REST interface is below. Put a node of your own on any wire.',
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
  group('ripe.group.runtime', '2 · Twins and their agents', '#1565c0', { x: 454, y: 99, w: 372, h: 322 }, [
    comment(
      'ripe.note.runtime',
      'One live twin per sensor',
      580,
      140,
      'Twins are in flow context: flow.get("sensors").',
    ),
    linkIn('ripe.in.steps', 'job steps and events', ['ripe.out.steps'], 495, 280, runtime),
    linkIn('ripe.in.requests', 'REST requests', ['ripe.out.requests'], 495, 320, runtime),
    linkIn('ripe.in.plugins', 'agent types loaded', ['ripe.out.plugins'], 495, 380, runtime),
    place({ id: runtime, type: 'ripe-sensor-runtime', name: 'Sensors', garden: GARDEN }, 640, 220, [
      ['ripe.out.commands'],
      ['ripe.runner'],
      ['ripe.out.replies'],
      ['ripe.debug.events', 'ripe.out.events'],
    ]),
    linkOut('ripe.out.commands', 'commands', 'ripe.in.commands', 785, 160),
    linkOut('ripe.out.replies', 'replies', 'ripe.in.replies', 785, 260),
    debug('ripe.debug.events', 'events', 'true', 730, 340),
    openEnd('ripe.out.events', 'events', 785, 300),
  ]);
  group(
    'ripe.group.jobs',
    '3 · Jobs: water that always stops',
    '#00838f',
    { x: 874, y: 99, w: 392, h: 222 },
    [
      comment(
        'ripe.note.jobs',
        'A rain check? Put a node on the wire before Jobs',
        1070,
        140,
        'Whatever drops a job/start message on this wire stops the job.',
      ),
      place(
        { id: 'ripe.runner', type: 'ripe-job-runner', name: 'Jobs', garden: GARDEN, ...ALONE },
        980,
        220,
        [['ripe.out.steps'], ['ripe.out.steps']],
      ),
      linkOut('ripe.out.steps', 'job steps and events', 'ripe.in.steps', 1165, 220),
    ],
  );
}

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

const callsOf = (belongs: (route: Route) => boolean) =>
  ROUTES.filter(belongs).flatMap((route) => route.methods.map((method) => ({ route, method })));

/** A group with one `http in` per method and path, which all lead to one link. */
function layOutRoutes(name: string, label: string, x: number, belongs: (route: Route) => boolean): string {
  const out = `ripe.out.${name}`;
  const calls = callsOf(belongs);
  const members = calls.map(({ route, method }, index) =>
    httpIn(method, route, x + 26, ROUTES_TOP + 41 + index * ROW, out),
  );
  const height = calls.length * ROW;
  members.push(linkOut(out, 'calls', 'ripe.in.calls', x + 400, ROUTES_TOP + 21 + height / 2));
  group(`ripe.group.${name}`, label, '#ef6c00', { x, y: ROUTES_TOP, w: 436, h: height + 42 }, members);
  return out;
}

/** Calls also come from other tabs, by `msg.call`: their answers are no HTTP responses. */
const whoAsked: FlowNode = {
  id: 'ripe.asked',
  type: 'switch',
  name: 'over HTTP?',
  property: 'res',
  propertyType: 'msg',
  rules: [{ t: 'nnull' }, { t: 'else' }],
  checkall: 'false',
  repair: false,
  outputs: 2,
};

function layOutAnswers(calls: string[], top: number): void {
  group(
    'ripe.group.answers',
    '4 · REST: every call, and its answer',
    '#ef6c00',
    { x: 34, y: top, w: 436, h: 202 },
    [
      linkIn('ripe.in.calls', 'calls', calls, 75, top + 61, 'ripe.api'),
      place({ id: 'ripe.api', type: 'ripe-api', name: 'API', garden: GARDEN }, 180, top + 61, [
        ['ripe.out.requests'],
        ['ripe.asked'],
      ]),
      linkOut('ripe.out.requests', 'REST requests', 'ripe.in.requests', 434, top + 41),
      linkIn('ripe.in.replies', 'replies', ['ripe.out.replies'], 75, top + 141, 'ripe.asked'),
      place(whoAsked, 200, top + 141, [['ripe.response'], ['ripe.out.answers']]),
      place(
        { id: 'ripe.response', type: 'http response', name: 'answer', statusCode: '', headers: {} },
        380,
        top + 121,
      ),
      openEnd('ripe.out.answers', 'answers to calls of your own', 434, top + 171),
    ],
  );
}

function layOutRest(): void {
  const isSensor = (route: Route) => route.path.startsWith('/api/sensor');
  const isOfAgent = (route: Route) => route.path.startsWith('/api/agent/');
  const isPlugin = (route: Route) => route.path.startsWith('/api/plugin');
  const isOfGarden = (route: Route) => !isSensor(route) && !isOfAgent(route) && !isPlugin(route);
  const outs = [
    layOutRoutes('rest.garden', 'REST · the garden', 34, isOfGarden),
    layOutRoutes('rest.sensors', 'REST · sensors', 494, isSensor),
    layOutRoutes('rest.agents', 'REST · agents', 954, isOfAgent),
    layOutRoutes('rest.plugins', 'REST · plugins', 1414, isPlugin),
  ];
  layOutAnswers(outs, ROUTES_TOP + 42 + ROW * callsOf(isOfGarden).length + 18);
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
