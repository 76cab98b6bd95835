// Preloaded into the RIPE that is measured: writes the longest time its event loop was blocked since the last SIGWINCH
// into the file of BENCH_LOOP_FILE, in ms.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.BENCH_LOOP_FILE;
const RESOLUTION_MS = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
process.on('SIGWINCH', () => delay.reset());
// What it measures holds its own interval.
if (file)
  setInterval(() => writeFileSync(file, String(Math.max(0, delay.max / 1e6 - RESOLUTION_MS))), 200).unref();
