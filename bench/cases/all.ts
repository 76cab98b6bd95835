import type { BenchCase } from '../harness/bench-case.ts';
import { ack } from './ack.ts';
import { dashboard } from './dashboard.ts';
import { failover } from './failover.ts';
import { hosts } from './hosts.ts';
import { ingest } from './ingest.ts';
import { jobs } from './jobs.ts';
import { latency } from './latency.ts';
import { noisy } from './noisy.ts';
import { rest } from './rest.ts';
import { small } from './small.ts';
import { start } from './start.ts';
import { storage } from './storage.ts';
import { swap } from './swap.ts';
import { swapMemory } from './swap-memory.ts';

/** In the order in which they are listed and run. */
export const cases: readonly BenchCase[] = [
  ingest,
  latency,
  start,
  jobs,
  failover,
  ack,
  storage,
  small,
  rest,
  noisy,
  dashboard,
  swap,
  swapMemory,
  hosts,
];
