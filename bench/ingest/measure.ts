import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchContext } from '../harness/bench-case.ts';
import { type Consumer, forkProgram } from './consumers.ts';
import type { FloodOrder } from './flood.ts';

const LOOK_EVERY_MS = 20;
const WARM_UP_MS = 1_500;
const MEASURE_MS = Number(process.env['BENCH_INGEST_MS'] ?? 4_000);
const FIRST_WITHIN_MS = 60_000;
/** So many readings wait in front of a consumer: it never has nothing to do, and the broker does not have to keep a mountain. */
const AHEAD = 10_000;
/** Below it the consumer may have had to wait. */
const SHORT = AHEAD / 20;

export interface Rate {
  /** Readings a second. */
  readonly perSecond: number;
  /** In what share of looks the readings nearly ran out: the generator was the slower one, 0 to 1. */
  readonly short: number;
}

/** Lets readings flow, and takes how many a second a consumer works off. */
export async function measureRate(
  context: BenchContext,
  consumer: Consumer,
  order: Omit<FloodOrder, 'from'>,
): Promise<Rate> {
  const from = await consumer.processed();
  const flood = forkProgram(context, 'flood.ts');
  const supply = new Supply(flood, from);
  flood.send({ ...order, from });
  try {
    await supply.untilFirst(consumer);
    await supply.keepUp(consumer, WARM_UP_MS);
    const [startedAt, before] = [performance.now(), await consumer.processed()];
    const short = await supply.keepUp(consumer, MEASURE_MS);
    const done = (await consumer.processed()) - before;
    return { perSecond: (done / (performance.now() - startedAt)) * 1_000, short };
  } finally {
    flood.kill('SIGKILL');
    await drained(consumer);
  }
}

/** Keeps so many readings in front of a consumer as it needs. */
class Supply {
  readonly #flood: ChildProcess;
  #sent: number;

  constructor(flood: ChildProcess, from: number) {
    this.#flood = flood;
    this.#sent = from;
    flood.on('message', ({ sent }: { sent: number }) => {
      this.#sent = sent;
    });
  }

  async untilFirst(consumer: Consumer): Promise<void> {
    const [until, before] = [performance.now() + FIRST_WITHIN_MS, await consumer.processed()];
    while ((await this.#look(consumer)) === before) {
      if (performance.now() > until) throw new Error('no reading has come through');
      await pause(LOOK_EVERY_MS);
    }
  }

  /** In what share of the looks there was hardly anything left for it. */
  async keepUp(consumer: Consumer, forMs: number): Promise<number> {
    const until = performance.now() + forMs;
    let [looks, short] = [0, 0];
    while (performance.now() < until) {
      const waiting = this.#sent - (await this.#look(consumer));
      looks += 1;
      if (waiting < SHORT) short += 1;
      await pause(LOOK_EVERY_MS);
    }
    return short / looks;
  }

  async #look(consumer: Consumer): Promise<number> {
    const count = await consumer.processed();
    this.#flood.send({ upTo: count + AHEAD });
    return count;
  }
}

/** What is still under way must not count for the next one. */
async function drained(consumer: Consumer): Promise<void> {
  const STILL_LOOKS = 10;
  for (let [last, still] = [-1, 0]; still < STILL_LOOKS; ) {
    const count = await consumer.processed();
    still = count === last ? still + 1 : 0;
    last = count;
    await pause(LOOK_EVERY_MS * 2);
  }
}
