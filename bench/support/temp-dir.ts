import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BenchContext } from '../harness/bench-case.ts';

/** An empty folder that is deleted at the end of the case. */
export async function tempDir({ onEnd }: Pick<BenchContext, 'onEnd'>): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'ripe-bench-'));
  // A process that was just stopped may still be closing files in there.
  onEnd(() => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return dir;
}
