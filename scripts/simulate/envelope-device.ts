import type { DeviceReport } from '../../src/domain/command/device-report.ts';
import type { Envelope, EnvelopeAgent } from '../../src/domain/command/envelope.ts';

interface Actuator {
  readonly value: number;
  readonly neutral: number;
  /** By the device's own uptime; null: there is nothing to end. */
  readonly offAt: number | null;
}

/**
 * The rules of docs/protocol.md for a device that honours envelopes, as firmware would have them: it needs no clock but
 * the ms since it was switched on, and no timer but one at `nextOff`.
 */
export class EnvelopeDevice {
  readonly #uptime: () => number;
  #epoch = -1;
  #sequence = -1;
  #id = '';
  #actuators = new Map<string, Actuator>();

  constructor(uptime: () => number) {
    this.#uptime = uptime;
  }

  /** Takes an envelope; false: of an earlier epoch, overtaken by a later one, or of a version it does not know. */
  take(envelope: Envelope): boolean {
    const { version, epoch, sequence, id, agents } = envelope;
    if (version !== 1 || epoch < this.#epoch) return false;
    if (epoch === this.#epoch && sequence <= this.#sequence) return false;
    this.#epoch = epoch;
    this.#sequence = sequence;
    this.#id = id;
    const now = this.#uptime();
    this.#actuators = new Map(agents.map((agent) => [agent.domain, actuatorOf(agent, now)]));
    return true;
  }

  /** What the actuators do at this moment, by domain. */
  values(now = this.#uptime()): Record<string, number> {
    const values = [...this.#actuators].map(([domain, { value, neutral, offAt }]) => {
      return [domain, offAt !== null && now >= offAt ? neutral : value] as const;
    });
    return Object.fromEntries(values);
  }

  /** When the next actuator goes neutral by itself, by the uptime; null: none will. */
  nextOff(now = this.#uptime()): number | null {
    const offs = [...this.#actuators.values()].flatMap(({ offAt }) =>
      offAt !== null && offAt > now ? [offAt] : [],
    );
    return offs.length === 0 ? null : Math.min(...offs);
  }

  acknowledgement(): DeviceReport {
    return { id: this.#id, state: 'acknowledged' };
  }

  /** What it does; null while it has nothing to do. */
  observation(now = this.#uptime()): DeviceReport | null {
    const values = this.values(now);
    return Object.keys(values).length === 0 ? null : { id: this.#id, state: 'observed', values };
  }
}

/** A value that is not neutral and has no end is not to be held. */
function actuatorOf({ value, neutral, remainingMs }: EnvelopeAgent, now: number): Actuator {
  if (value === neutral) return { value, neutral, offAt: null };
  return { value, neutral, offAt: now + (remainingMs ?? 0) };
}
