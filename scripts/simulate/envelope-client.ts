import type { DeviceReport } from '../../src/domain/command/device-report.ts';
import type { Envelope } from '../../src/domain/command/envelope.ts';
import { EnvelopeDevice } from './envelope-device.ts';

export interface EnvelopeClientOptions {
  /** Publishes on the sensor's `ack` topic; what cannot be published is lost. */
  say(report: DeviceReport): void;
  /** The values of all actuators, whenever one may have changed. */
  act(values: Readonly<Record<string, number>>): void;
  /** ms since the device was switched on. */
  readonly uptime?: () => number;
}

/** A device that honours envelopes, on whatever connection: it acts, ends by itself, and reports. It outlives connections. */
export class EnvelopeClient {
  readonly #options: EnvelopeClientOptions;
  readonly #device: EnvelopeDevice;
  readonly #uptime: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EnvelopeClientOptions) {
    this.#options = options;
    this.#uptime = options.uptime ?? (() => performance.now());
    this.#device = new EnvelopeDevice(this.#uptime);
  }

  /** To be called after each SUBSCRIBE: envelopes are not retained. */
  ask(): void {
    this.#options.say({ ask: true });
  }

  /** A message of the sensor's `envelope` topic; whether it was heeded. */
  hear(payload: Uint8Array): boolean {
    const envelope = parse(payload);
    if (envelope === null || !this.#device.take(envelope)) return false;
    this.#options.say(this.#device.acknowledgement());
    this.#act();
    return true;
  }

  /** The device is switched off. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #act(): void {
    clearTimeout(this.#timer);
    // One moment for all three: what ended between two looks would never be seen to end.
    const now = this.#uptime();
    this.#options.act(this.#device.values(now));
    const observation = this.#device.observation(now);
    if (observation !== null) this.#options.say(observation);
    const next = this.#device.nextOff(now);
    if (next !== null) this.#actAt(next);
  }

  /** A timer may be early by a fraction of a millisecond: then nothing has ended yet, and there is nothing to say. */
  #actAt(uptime: number): void {
    this.#timer = setTimeout(
      () => (this.#uptime() < uptime ? this.#actAt(uptime) : this.#act()),
      Math.ceil(uptime - this.#uptime()),
    );
  }
}

/** null: no JSON. That RIPE's envelopes are whole is RIPE's business. */
function parse(payload: Uint8Array): Envelope | null {
  try {
    return JSON.parse(Buffer.from(payload).toString()) as Envelope;
  } catch {
    return null;
  }
}
