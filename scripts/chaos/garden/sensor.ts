import { setTimeout as pause } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { sensorTopic } from '../../../src/domain/broker/topics.ts';
import type { ChaosContext } from '../scenario.ts';
import type { BedAddress } from './bed.ts';
import { connectTo } from './device.ts';

const EVERY_MS = 60;

/** Publishes numbered readings (QoS 1), and remembers which ones the broker has taken, and when. */
export class Sensor {
  readonly bed: BedAddress;
  readonly takenAt = new Map<number, number>();
  readonly #client: MqttClient;
  #isRunning = true;
  readonly #done: Promise<void>;

  constructor(context: ChaosContext, bed: BedAddress) {
    this.bed = bed;
    this.#client = connectTo(context, bed);
    this.#done = this.#publish();
    context.onEnd(() => this.stop());
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#done;
  }

  async #publish(): Promise<void> {
    const topic = sensorTopic('data', this.bed.id, this.bed.key);
    for (let number = 1; this.#isRunning; await pause(EVERY_MS)) {
      if (!this.#client.connected) continue;
      const reading = number;
      number += 1;
      // Moist soil: no agent waters because of it.
      const payload = JSON.stringify({ moisture: 80, conductivity: reading });
      this.#client.publish(topic, payload, { qos: 1 }, (error) => {
        if (!error) this.takenAt.set(reading, performance.now());
      });
    }
  }
}
