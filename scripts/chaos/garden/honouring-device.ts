import { sensorTopic } from '../../../src/domain/broker/topics.ts';
import type { DeviceReport } from '../../../src/domain/command/device-report.ts';
import type { Envelope } from '../../../src/domain/command/envelope.ts';
import { EnvelopeDevice } from '../../simulate/envelope-device.ts';
import type { ChaosContext } from '../scenario.ts';
import type { DeadlineWatch } from '../support/deadline-watch.ts';
import { type BedAddress, WATER } from './bed.ts';
import { connectTo } from './device.ts';

/** A device that honours envelopes: its actuator goes neutral by itself at the end that it was told. */
export class HonouringDevice {
  readonly #device = new EnvelopeDevice(() => performance.now());
  readonly #watch: DeadlineWatch;
  readonly #report: (report: DeviceReport | { ask: true } | null) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: ChaosContext, address: BedAddress, watch: DeadlineWatch) {
    const { id, key } = address;
    this.#watch = watch;
    const client = connectTo(context, address);
    const envelopes = sensorTopic('envelope', id, key);
    const topic = sensorTopic('ack', id, key);
    this.#report = (report) => {
      if (report !== null && client.connected) client.publish(topic, JSON.stringify(report), { qos: 1 });
    };
    client.on('connect', () => {
      client.subscribe(envelopes, { qos: 1 }, (error) => {
        if (error === null) this.#report({ ask: true });
      });
    });
    client.on('message', (heard, payload) => {
      if (heard === envelopes) this.#take(JSON.parse(payload.toString()) as Envelope);
    });
    context.onEnd(() => clearTimeout(this.#timer));
  }

  #take(envelope: Envelope): void {
    if (!this.#device.take(envelope)) return;
    this.#report(this.#device.acknowledgement());
    this.#act();
  }

  #act(): void {
    const now = performance.now();
    this.#watch.hears((this.#device.values()[WATER] ?? 0) !== 0, now);
    this.#report(this.#device.observation());
    clearTimeout(this.#timer);
    const next = this.#device.nextOff();
    if (next !== null) this.#timer = setTimeout(() => this.#act(), Math.max(0, next - now));
  }
}
