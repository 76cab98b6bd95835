import { httpResponse, REST_COLOUR } from './flow-rest.ts';
import { comment, debug, GARDEN, group, linkIn, linkOut, nodes, openEnd, place, TAB } from './flow-sheet.ts';

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

/** The tab, and the nodes that are on none. */
export function enterSettings(): void {
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
}

/** From MQTT on the left to jobs on the right. */
export function layOutGarden(): void {
  const runtime = 'ripe.runtime';
  group('ripe.group.mqtt', '1 · MQTT', '#2e7d32', { x: 34, y: 99, w: 402, h: 222 }, [
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
    debug('ripe.debug.clients', 'MQTT clients', 'payload', 345, 280),
  ]);
  group('ripe.group.plugins', 'Agent code', '#8e24aa', { x: 34, y: 339, w: 402, h: 82 }, [
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
