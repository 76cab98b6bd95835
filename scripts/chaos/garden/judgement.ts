import { type ChaosResult, type DeviceResult, LATE_MS } from '../scenario.ts';
import type { Span } from '../support/spans.ts';
import type { Plot } from './scene.ts';
import type { StoredReadings } from './stored-readings.ts';

/** Readings that reach the disk within a tick, seen from outside on a busy machine. */
const TICK_MS = 50;
export const TICK_MARGIN_MS = 300;
/** Where commits took longer, as acknowledgements show: no reading is to wait longer than this for its commit. */
const LONGEST_MARGIN_MS = 2_000;

/** Nothing excuses a device that knows its deadline. */
export function judgeHonouring(plots: readonly Plot[]): DeviceResult {
  const now = performance.now();
  return resultOf(
    'envelope',
    plots,
    plots.map(({ bed }) => bed.honouring.longestOverrunMs([], now)),
  );
}

/** One that knows the vector only is excused while nobody could tell it anything. */
export function judgeLegacy(plots: readonly Plot[], untold: readonly Span[]): DeviceResult {
  const now = performance.now();
  return resultOf(
    'legacy',
    plots,
    plots.map(({ bed, device }) => bed.watch.longestOverrunMs([...untold, ...device.disconnected.list], now)),
  );
}

function resultOf(
  kind: DeviceResult['kind'],
  plots: readonly Plot[],
  overruns: readonly number[],
): DeviceResult {
  return {
    kind,
    runs: plots.reduce((sum, { bed }) => sum + bed.watch.runs, 0),
    late: overruns.filter((overrun) => overrun > LATE_MS).length,
    longestOverrunMs: Math.max(...overruns),
  };
}

/** What of the readings that brokers had taken is in the database, and whether a kill's last tick explains the rest. */
export function countReadings(
  plots: readonly Plot[],
  stored: StoredReadings,
  killedAt: readonly number[],
): NonNullable<ChaosResult['readings']> {
  const result = { taken: 0, lost: 0, lostOutsideTick: 0 };
  const slowest = Math.max(TICK_MARGIN_MS, ...plots.map(({ gardener }) => gardener.slowestMs));
  const margin = Math.min(LONGEST_MARGIN_MS, slowest);
  for (const { sensor } of plots) {
    const there = stored.get(sensor.bed.id) ?? new Set();
    for (const [reading, takenAt] of sensor.takenAt) {
      result.taken += 1;
      if (there.has(reading)) continue;
      result.lost += 1;
      const isOfLastTick = killedAt.some(
        (at) => takenAt > at - TICK_MS - margin && takenAt < at + TICK_MARGIN_MS,
      );
      if (!isOfLastTick) result.lostOutsideTick += 1;
    }
  }
  return result;
}
