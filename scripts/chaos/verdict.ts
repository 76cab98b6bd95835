import type { ChaosOutcome } from './run-scenarios.ts';
import { LATE_MS } from './scenario.ts';

/** The promises that were not kept, each as a line; none: all were. */
export function brokenPromises(outcome: ChaosOutcome): string[] {
  if ('error' in outcome) return [outcome.error];
  if ('lack' in outcome) return [];
  const { lostChanges, readings, devices, broken } = outcome.result;
  const outside = readings?.lostOutsideTick ?? 0;
  const late = devices.filter((device) => device.late > 0);
  return [
    ...lostChanges.map((what) => `an acknowledged change is lost: ${what}`),
    ...(outside === 0 ? [] : [`${outside} readings are lost that were older than a tick at a kill`]),
    ...late.map(
      ({ kind, late: count, longestOverrunMs }) =>
        `${count} actuators of ${kind} devices were on more than ${LATE_MS} ms past what is allowed (${Math.round(longestOverrunMs)} ms)`,
    ),
    ...broken,
  ];
}
