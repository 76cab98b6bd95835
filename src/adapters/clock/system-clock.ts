import type { Clock } from '../../domain/time/clock.ts';

/** The machine's wall clock: for times of day. It may jump. */
export const systemClock: Clock = { now: () => Date.now() };

/**
 * ms UTC that pass evenly from the moment of its making: for durations, so that a clock set back by an hour does
 * not keep water running for an hour longer.
 */
export function createSteadyClock(): Clock {
  const offset = Date.now() - performance.now();
  return { now: () => Math.round(offset + performance.now()) };
}
