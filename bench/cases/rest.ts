import { readFile } from 'node:fs/promises';
import path from 'node:path';
import autocannon from 'autocannon';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { median, ratioRow } from '../harness/statistics.ts';
import { type RipeProcess, startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const ROUNDS = 5;
const ROUND_S = 4;
const WARM_UP_S = 2;
const CONNECTIONS = 10;
/** One client asks more than anybody may: what is measured is the work, not the refusal. */
const NO_LIMITS = { RIPE_HTTP_LIMITS: 'requestsPerMinute=0,requestsPerMinuteOfSensor=0' };

export const rest: BenchCase = {
  name: 'rest',
  title: `requests per second of GET /api/sensor/{id} and of a bare flow in the same Node-RED, median of ${ROUNDS}`,
  run,
};

/** What is asked, again and again. */
interface Asked {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function run(context: BenchContext): Promise<BenchResult> {
  const dataDir = await tempDir(context);
  const process = await startRipe(context, dataDir, NO_LIMITS);
  const bare = await deployBareFlow(process, dataDir);
  const status = await registerSensor(process);
  const rates = new Map<Asked, number[]>([
    [bare, []],
    [status, []],
  ]);
  for (const asked of rates.keys()) await requestsPerSecond(asked, WARM_UP_S);
  // Turn and turn about, so that whatever else the machine does meets both.
  for (let round = 1; round <= ROUNDS; round += 1) {
    context.progress(`round ${round} of ${ROUNDS}`);
    for (const [asked, measured] of rates) measured.push(await requestsPerSecond(asked, ROUND_S));
  }
  const rateOf = (asked: Asked) => median(rates.get(asked) ?? []);
  return {
    rows: [
      rowOf(bare, rateOf(bare)),
      rowOf(status, rateOf(status)),
      ratioRow('GET status / bare', rateOf(status), rateOf(bare)),
    ],
  };
}

const rowOf = ({ name }: Asked, value: number): BenchRow => ({ name, value, unit: 'requests/s' });

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

/** A sensor as there are many: two agents, and a reading. */
async function registerSensor({ url, ripe }: RipeProcess): Promise<Asked> {
  const credentials = await ripe.registerSensor('Basil');
  await ripe.registerAgent(credentials, '01_Water', 'ThresholdAgent');
  await ripe.registerAgent(credentials, '02_Light', 'TimeAgent');
  const { id, key } = credentials;
  return {
    name: 'GET /api/sensor/{id}, two agents',
    url: `${url}/api/sensor/${id}`,
    headers: { 'x-key': key },
  };
}

async function requestsPerSecond({ url, headers, name }: Asked, duration: number): Promise<number> {
  const result = await autocannon({ url, headers, duration, connections: CONNECTIONS });
  if (result.errors + result.non2xx + result.timeouts > 0) {
    throw new Error(`${name}: ${result.non2xx} refused, ${result.errors} failed`);
  }
  return result['2xx'] / result.duration;
}
