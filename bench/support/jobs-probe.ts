// A process of its own, with a heap that nobody else fills: `node --expose-gc jobs-probe.ts <folder> <jobs>`.
// It prints its figures as one line of JSON.
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSteadyClock } from '../../src/adapters/clock/system-clock.ts';
import { createTimetables } from '../../src/adapters/clock/timetable.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import type { JobRequest, JobStep } from '../../src/domain/job/job.ts';
import { JobRunner } from '../../src/domain/runner/job-runner.ts';
import type { Store } from '../../src/domain/store.ts';

/** What one count of pending jobs costs. */
export interface JobFigures {
  /** How late timers of an idle process are, in ms. */
  readonly idleMs: readonly number[];
  /** How late the last steps of jobs are while the others are pending, in ms. */
  readonly latenessMs: readonly number[];
  readonly bytesPerJob: number;
  readonly addUs: number;
  readonly cancelUs: number;
}

const [folder = '.', asked = '1000'] = process.argv.slice(2);
const count = Number(asked);
const SAMPLES = 400;
const SPREAD_MS = 4_000;
const BATCH = 1_000;
/** None of those that are pending is due while the probe runs. */
const FAR_MS = 3_600_000;

const clock = createSteadyClock();
const lateness: number[] = [];

function create(store: Store): JobRunner {
  return new JobRunner({
    store,
    clock,
    timetable: createTimetables(clock),
    waitsForDelivery: false,
    step: note,
    event: () => undefined,
  });
}

function note({ end, owner, endsAt }: JobStep): void {
  if (end !== null && owner.startsWith('sample')) lateness.push(Math.max(0, clock.now() - endsAt));
}

/** As it comes over the wire: no two jobs share an object. */
function request(id: string, owner: string, ms: number): JobRequest {
  const plan = `{"steps":[{"set":1},{"wait":${ms}},{"set":0}]}`;
  return { id, owner, plan: JSON.parse(plan), neutral: 0, createdAt: clock.now() };
}

async function idleTimers(): Promise<number[]> {
  const late: number[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < SAMPLES; n++) {
    const ms = 1 + Math.round((n / SAMPLES) * SPREAD_MS);
    setTimeout(() => late.push(Math.max(0, performance.now() - startedAt - ms)), ms);
  }
  await pause(SPREAD_MS + 1_000);
  return late;
}

async function inBatches(each: (n: number) => Promise<void> | void, store: Store): Promise<number> {
  const startedAt = performance.now();
  for (let from = 0; from < count; from += BATCH) {
    const size = Math.min(BATCH, count - from);
    await Promise.all(Array.from({ length: size }, (_, n) => each(from + n)));
    await store.commit();
  }
  return ((performance.now() - startedAt) / count) * 1_000;
}

async function latenessBeside(runner: JobRunner): Promise<number[]> {
  const samples = Array.from({ length: SAMPLES }, (_, n) =>
    runner.request(request(`sample-${n}`, `sample-${n}`, 1_000 + Math.round((n / SAMPLES) * SPREAD_MS))),
  );
  await Promise.all(samples);
  await pause(SPREAD_MS + 3_000);
  return lateness;
}

function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const idleMs = await idleTimers();
const store = createSqliteStore({ file: path.join(folder, 'jobs.db') });
await store.open();
const runner = create(store);
await runner.request(request('warm', 'warm', FAR_MS));
const before = heapBytes();
const ids = (n: number) => `6f0c9a52-6f0e-4c1e-9d3c-${String(n).padStart(12, '0')}`;
const addUs = await inBatches((n) => runner.request(request(ids(n), `${n}/01_Water`, FAR_MS + n)), store);
const bytesPerJob = (heapBytes() - before) / count;
const latenessMs = await latenessBeside(runner);
const cancelUs = await inBatches((n) => runner.cancel(ids(n), 'bench'), store);
runner.stop();
await store.close();
process.stdout.write(
  `${JSON.stringify({ idleMs, latenessMs, bytesPerJob, addUs, cancelUs } satisfies JobFigures)}\n`,
);
