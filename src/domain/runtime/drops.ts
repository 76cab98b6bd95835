import type { Twins } from '../sensor/twin.ts';
import type { Clock } from '../time/clock.ts';
import type { Log } from './ports.ts';

const QUIET_MS = 60_000;
const UNKNOWN = 0;

/**
 * Counts what is dropped, and logs at most one line per sensor and minute; all unknown sensors together count
 * as one, so that nobody can fill the log by inventing ids.
 */
export class Drops {
  readonly #twins: Twins;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #since = new Map<number, { count: number; loggedAt: number }>();
  total = 0;

  constructor(twins: Twins, log: Log, clock: Clock) {
    this.#twins = twins;
    this.#log = log;
    this.#clock = clock;
  }

  add(sensor: number, reason: string): void {
    this.total += 1;
    const twin = this.#twins[sensor];
    if (twin !== undefined) twin.dropped += 1;
    const who = twin === undefined ? UNKNOWN : sensor;
    const entry = this.#since.get(who) ?? { count: 0, loggedAt: -QUIET_MS };
    entry.count += 1;
    this.#since.set(who, entry);
    const now = this.#clock.now();
    if (now - entry.loggedAt < QUIET_MS) return;
    const name = who === UNKNOWN ? 'unknown sensors' : `sensor ${sensor}`;
    this.#log.warn(`${name}: ${entry.count} message(s) dropped, the last because ${reason}`);
    entry.count = 0;
    entry.loggedAt = now;
  }

  forget(sensor: number): void {
    this.#since.delete(sensor);
  }
}
