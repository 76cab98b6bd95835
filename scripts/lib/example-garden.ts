import type { Json } from '../../src/domain/json.ts';
import type { ApiRequest } from '../../src/domain/rest/request.ts';
import type { Operation } from '../../src/domain/rest/route.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';
import type { RuntimeEvent } from '../../src/domain/runtime/events.ts';
import { eventBody } from '../../src/domain/runtime/requests/events.ts';
import { wireJson } from '../../src/domain/wire-json.ts';
import { GardenHarness } from '../../test/support/garden-harness.ts';

type Examples = Record<Operation, Json>;

const FROST_GUARD = {
  plugin: 'frost-guard.mjs',
  source: 'folder',
  name: 'FrostGuard',
  version: '1.2.0',
  health: 'well',
  in_service: true,
  pinned: false,
  last_good: '1.1.0',
  agents: 2,
  agents_behind: 0,
  refused: null,
};

/** What a garden in memory does not know: plugins that are files, the process, the wires. */
const BY_HAND = {
  ready: { ready: true, store: true, runtime: true, job_runner: true, broker: true },
  metrics: `# HELP ripe_readings_total Readings taken, over MQTT and HTTP
# TYPE ripe_readings_total counter
ripe_readings_total 412
# HELP ripe_sensors Registered sensors
# TYPE ripe_sensors gauge
ripe_sensors 3
`,
  listPlugins: [FROST_GUARD],
  rescanPlugins: [FROST_GUARD],
  pinPlugin: [{ ...FROST_GUARD, pinned: true }],
  unpinPlugin: [FROST_GUARD],
  rollBackPlugin: [{ ...FROST_GUARD, version: '1.1.0', health: 'behind', last_good: null }],
} satisfies Partial<Examples>;

/** Asked of the sensor, or of the garden, while its pump runs. */
const WHILE_IT_RUNS = [
  'health',
  'listAgentTypes',
  'describeAgentTypes',
  'listBrokers',
  'listSupplies',
  'gardenOverview',
  'sensorOverview',
  'listSensors',
  'status',
  'log',
  'sensorCommands',
  'listJobs',
  'listAgents',
  'reload',
] as const;

const OF_THE_AGENT = [
  'getConfig',
  'getSettings',
  'command',
  'whatIfVersions',
  'whatIf',
  'patchSettings',
] as const;

const MINUTE_MS = 60_000;
const SENSOR = 1;
const WATER = { sensor: SENSOR, domain: '01_Water' };
/** In place of the counted ones of a garden in memory, in their order. */
const KEYS = ['w4gidhvt9FNg', 'rT7mKp2xWcVz'];
const JOBS = [
  '6f0c9a52-6f0e-4c1e-9d3c-0a8f8a3c1b77',
  'b1d0f3c4-52a8-4f0e-8a36-2f4c8f1f6e90',
  '0c5e7d18-9b1f-4d6a-a0d3-7be2c94f1e55',
];

/**
 * What RIPE answers to each operation, in a garden with one dry plant and by the bodies of the route table: asked of the
 * runtime as it is, at a time that stands still. Of the agent types only the first is shown.
 */
export async function exampleAnswers(): Promise<Examples> {
  const answers: Partial<Examples> = { ...BY_HAND };
  const garden = await GardenHarness.start({ supplies: { pump: 1 } });
  const credentials = { username: 'ripe', password: 'ripe' };
  garden.brokers = [{ scheme: 'tcp', host: 'garden.local', port: 1883, credentials }];
  await ask(garden, answers);
  const { describeAgentTypes, ...others } = answers as Examples;
  const shown = { ...others, describeAgentTypes: (describeAgentTypes as Json[]).slice(0, 1) };
  return JSON.parse(withRealIds(JSON.stringify(shown)));
}

function withRealIds(json: string): string {
  const counted = [...new Set(json.match(/(?:key)?job-\d{5}/g))].toSorted();
  const named = (prefix: string, names: readonly string[]) =>
    counted.filter((id) => id.startsWith(prefix)).map((id, index) => [id, names[index] ?? id] as const);
  const real = [...named('key', KEYS), ...named('job', JOBS)];
  return real.reduce((text, [from, to]) => text.replaceAll(from, to), json);
}

async function ask(garden: GardenHarness, answers: Partial<Examples>): Promise<void> {
  const of = async (operation: Operation, parts: Partial<ApiRequest> = { sensor: SENSOR }) => {
    const body = ROUTES.find((route) => route.operation === operation)?.example;
    const answer = await garden.ask(operation, { ...(body === undefined ? {} : { body }), ...parts });
    answers[operation] = JSON.parse(wireJson(answer));
  };
  await of('registerSensor', {});
  const key = garden.keys.keyOf(SENSOR) ?? '';
  await of('registerAgent');
  await of('setConfig', WATER);
  await garden.receive(SENSOR, { moisture: 42, temperature: 20.5, battery: 81 });
  await garden.receive(SENSOR, 'pump ready', 'log');
  await garden.pass(31 * MINUTE_MS);
  await garden.receive(SENSOR, { moisture: 18.5, temperature: 21.25, battery: 80 });
  await garden.pass(1_000);
  answers.events = newestReading(garden);
  for (const operation of WHILE_IT_RUNS) await of(operation);
  const now = garden.clock.now();
  const range = { from: now - 60 * MINUTE_MS, until: now + MINUTE_MS };
  await of('decisions', { sensor: SENSOR, range, page: { limit: 1_000, after: null } });
  for (const operation of ['commandHistory', 'rows', 'firstRow'] as const)
    await of(operation, { sensor: SENSOR, range });
  for (const operation of OF_THE_AGENT) await of(operation, WATER);
  await garden.pass(MINUTE_MS);
  await of('startJob');
  const [job] = (await garden.jobs()).slice(-1);
  await of('cancelJob', { sensor: SENSOR, job: job?.id ?? '' });
  for (const operation of ['patchSensorSettings', 'getSensorSettings', 'postData'] as const)
    await of(operation);
  await of('deleteAgent');
  await of('changeKey');
  // It is deleted as it was registered, by the example of the body.
  garden.keys.set(SENSOR, key);
  await of('deleteSensor');
}

/** As a stream tells it. */
function newestReading({ told, types, clock }: GardenHarness): string {
  const reading = told.findLast(({ wire }) => wire === 'event/reading')?.payload;
  if (reading === undefined) throw new Error('the garden has told of no reading');
  const data = wireJson(eventBody(reading as RuntimeEvent, types, 'en'));
  return `event: reading\nid: ${clock.now()}-7\ndata: ${data}\n\n`;
}
