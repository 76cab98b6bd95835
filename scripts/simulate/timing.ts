/** How a simulation of some speed is laid out; ms are real time. */
export interface Timing {
  readonly readingEveryMs: number;
  readonly wateringMs: number;
  readonly cooldownMs: number;
  readonly wateringSimulatedSeconds: number;
}

const READING_EVERY_SECONDS = 60;
const WATERING_SECONDS = 8 * 60;
const COOLDOWN_SECONDS = 5 * 60;
/** The ThresholdAgent refuses runs of 5 s and less (protocol §6.1). */
const SHORTEST_WATERING_MS = 6000;
const FIRST_MORNING_SECONDS = 9 * 3600;

export function timingAt(speed: number): Timing {
  const wateringMs = Math.max(SHORTEST_WATERING_MS, Math.round((WATERING_SECONDS * 1000) / speed));
  return {
    readingEveryMs: Math.max(250, Math.round((READING_EVERY_SECONDS * 1000) / speed)),
    wateringMs,
    cooldownMs: Math.max(1000, Math.round((COOLDOWN_SECONDS * 1000) / speed)),
    wateringSimulatedSeconds: (wateringMs / 1000) * speed,
  };
}

/** Seconds since midnight of the first simulated day, which starts at nine in the morning. */
export function simulatedSeconds(elapsedMs: number, speed: number): number {
  return FIRST_MORNING_SECONDS + (elapsedMs / 1000) * speed;
}

/** `day 1 09:42` */
export function simulatedTimeText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `day ${Math.floor(minutes / 1440) + 1} ${timeOfDayText(seconds)}`;
}

/** `09:42` */
export function timeOfDayText(seconds: number): string {
  const minutes = Math.floor(seconds / 60) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
