import { readFile } from 'node:fs/promises';
import path from 'node:path';
import autocannon from 'autocannon';
import { createStore } from '../../src/adapters/store/create-store.ts';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthRows, median, ratioRow } from '../harness/statistics.ts';
import { DAY_MS, writeHistory } from '../storage/history.ts';
import { type RipeProcess, startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { fillStore, keyOf } from './filled-store.ts';

const ROUNDS = Number(process.env['BENCH_REST_ROUNDS'] ?? 5);
const ROUND_S = 4;
const WARM_UP_S = 2;
const CONNECTIONS = 10;
const SENSOR = 1;
/** Gardens whose size must not make a call dearer. */
const GARDENS = [10, 1_000, 10_000] as const;
/** Its readings end with the day before, so that what the bench asks for does not change. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
/** One client asks more than anybody may: what is measured is the work, not the refusal. */
const NO_LIMITS = { RIPE_HTTP_LIMITS: 'requestsPerMinute=0,requestsPerMinuteOfSensor=0' };

export const rest: BenchCase = {
  name: 'rest',
  title: `requests per second and p99 of status, a day of data and force, beside a bare flow in the same Node-RED, median of ${ROUNDS}`,
  run,
};

/** What is asked, again and again. */
interface Asked {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method?: 'POST';
  readonly body?: string;
}

interface Answered {
  readonly perSecond: number;
  readonly p99Ms: number;
}

async function run(context: BenchContext): Promise<BenchResult> {
  const dataDir = await tempDir(context);
  await fillDay(dataDir);
  const ripe = await startRipe(context, dataDir, NO_LIMITS);
  const bare = await deployBareFlow(ripe, dataDir);
  const calls = await callsOf(ripe);
  const answers = await askInTurn(context, [bare, ...calls]);
  await ripe.stop();
  const rateOf = (asked: Asked) => medianRate(answers.get(asked) ?? []);
  const shares: [sensors: number, ofBare: number][] = [];
  for (const sensors of GARDENS) shares.push([sensors, await bareCallsOfStatus(context, sensors)]);
  return {
    rows: [
      ...[...answers].flatMap(([asked, answered]) => rowsOf(asked, answered)),
      ...calls.map((asked) => ratioRow(`${asked.name} / bare`, rateOf(asked), rateOf(bare))),
      ...shares.map(([sensors, value]) => ({
        name: `a garden of ${sensors}: GET status takes as long as bare calls`,
        value,
        unit: '×',
      })),
      ...growthRows('time of GET status, in bare calls', shares),
    ],
    curves: [
      {
        id: 'rest-garden',
        title: 'GET status takes as long as bare calls',
        x: 'sensors',
        unit: '×',
        lines: [{ name: 'RIPE', points: shares }],
      },
    ],
  };
}

/** Turn and turn about, so that whatever else the machine does meets all of them. */
async function askInTurn(context: BenchContext, calls: readonly Asked[]): Promise<Map<Asked, Answered[]>> {
  const answers = new Map<Asked, Answered[]>(calls.map((asked) => [asked, []]));
  for (const asked of answers.keys()) await ask(asked, WARM_UP_S);
  for (let round = 1; round <= ROUNDS; round += 1) {
    context.progress(`round ${round} of ${ROUNDS}`);
    for (const [asked, answered] of answers) answered.push(await ask(asked, ROUND_S));
  }
  return answers;
}

const medianRate = (answered: readonly Answered[]): number =>
  median(answered.map(({ perSecond }) => perSecond));

/** How many bare calls are answered in the time of one for the status of a sensor, among so many. */
async function bareCallsOfStatus(context: BenchContext, sensors: number): Promise<number> {
  const dataDir = await tempDir(context);
  await fillStore(dataDir, sensors, []);
  const ripe = await startRipe(context, dataDir, NO_LIMITS);
  const bare = await deployBareFlow(ripe, dataDir);
  const [status] = await callsOf(ripe);
  if (status === undefined) throw new Error('no call asks for the status');
  context.progress(`a garden of ${sensors} sensors`);
  const answers = await askInTurn(context, [bare, status]);
  await ripe.stop();
  return medianRate(answers.get(bare) ?? []) / medianRate(answers.get(status) ?? []);
}

function rowsOf({ name }: Asked, answered: readonly Answered[]): BenchRow[] {
  return [
    { name, value: median(answered.map(({ perSecond }) => perSecond)), unit: 'requests/s' },
    { name: `${name}, p99`, value: median(answered.map(({ p99Ms }) => p99Ms)), unit: 'ms' },
  ];
}

/** A sensor with a reading a minute, for two days. */
async function fillDay(dataDir: string): Promise<void> {
  const store = createStore({ file: path.join(dataDir, 'ripe.db') });
  await store.open();
  await writeHistory(store, { sensors: SENSOR, days: 2, until: TODAY });
  await store.close();
}

/** `http in` → `http response` on a tab of its own. */
async function deployBareFlow({ url }: RipeProcess, dataDir: string): Promise<Asked> {
  const token = (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim();
  const nodes = [
    { id: 'bare.in', type: 'http in', url: '/bare', method: 'get', wires: [['bare.out']] },
    { id: 'bare.out', type: 'http response', wires: [] },
  ];
  const response = await fetch(`${url}/red/flow`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ label: 'bare', nodes }),
  });
  if (!response.ok) throw new Error(`the bare flow was not deployed: ${await response.text()}`);
  return { name: 'bare http in → http response', url: `${url}/bare`, headers: {} };
}

/** Of a sensor as there are many: two agents, and readings. */
async function callsOf({ url, ripe }: RipeProcess): Promise<Asked[]> {
  const key = keyOf(SENSOR);
  const credentials = { id: SENSOR, key, broker: { items: [] } };
  const [water, vent] = ['01_Water', '02_Vent'];
  await ripe.registerAgent(credentials, water, 'ThresholdAgent');
  await ripe.registerAgent(credentials, vent, 'PercentAgent');
  const headers = { 'x-key': key };
  const range = new URLSearchParams({
    from: new Date(TODAY - DAY_MS).toISOString(),
    until: new Date(TODAY).toISOString(),
  });
  return [
    { name: 'GET status, two agents', url: `${url}/api/sensor/${SENSOR}`, headers },
    { name: 'GET a day of data', url: `${url}/api/sensor/${SENSOR}/data?${range}`, headers },
    {
      name: 'POST force',
      url: `${url}/api/agent/${SENSOR}/${Buffer.from(vent).toString('base64')}`,
      headers: { ...headers, 'content-type': 'application/json' },
      method: 'POST',
      // The same value again: a decision, and its row, but no new command each time.
      body: '{"payload":40}',
    },
  ];
}

async function ask({ name, ...asked }: Asked, duration: number): Promise<Answered> {
  const result = await autocannon({ ...asked, duration, connections: CONNECTIONS });
  if (result.errors + result.non2xx + result.timeouts > 0) {
    throw new Error(`${name}: ${result.non2xx} refused, ${result.errors} failed`);
  }
  return { perSecond: result['2xx'] / result.duration, p99Ms: result.latency.p99 };
}
