import { setTimeout as pause } from 'node:timers/promises';
import type { SimulatorOptions } from './options.ts';
import { createPlant, type OnEvent, type Plant } from './plant.ts';
import { registerSensor } from './registration.ts';
import { type Credentials, RefusedError, type RipeClient } from './ripe-client.ts';
import { pumpInflow, startSoil, weatherAt } from './soil.ts';
import { simulatedSeconds, timingAt } from './timing.ts';
import { advance, readingOf, type VirtualSensor } from './virtual-sensor.ts';

const TICK_MS = 100;
/** A run shall be seen to have helped. */
const RISE_PERCENT = 35;

interface Owned {
  readonly credentials: Credentials;
  readonly name: string;
}

/** All simulated sensors: registers them, lets their time pass, deletes them. */
export class SimulatedGarden {
  readonly sensors: VirtualSensor[] = [];
  readings = 0;
  readonly #options: SimulatorOptions;
  readonly #onEvent: OnEvent;
  readonly #plants: Plant[] = [];
  readonly #owned: Owned[] = [];
  readonly #startedAt = Date.now();

  constructor(options: SimulatorOptions, onEvent: OnEvent) {
    this.#options = options;
    this.#onEvent = onEvent;
  }

  /** Simulated seconds since midnight of the first day. */
  get time(): number {
    return simulatedSeconds(Date.now() - this.#startedAt, this.#options.speed);
  }

  get startTime(): number {
    return simulatedSeconds(0, this.#options.speed);
  }

  get runs(): number {
    return this.sensors.reduce((sum, { runs }) => sum + runs, 0);
  }

  async registerAll(ripe: RipeClient): Promise<void> {
    for (let index = 0; index < this.#options.sensors; index++) await this.#register(ripe, index);
  }

  /** Runs until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#tickUntil(signal), ...this.#plants.map(({ link }) => link.run(signal))]);
  }

  /** Deletes every sensor that was registered, also half way; true if all are gone. */
  async deleteAll(ripe: RipeClient): Promise<boolean> {
    const outcomes = await Promise.all(this.#owned.map((owned) => this.#delete(ripe, owned)));
    return outcomes.every((isDeleted) => isDeleted);
  }

  async #register(ripe: RipeClient, index: number): Promise<void> {
    const { name, speed } = this.#options;
    const registered = await registerSensor(ripe, {
      name: `${name} ${index + 1}`,
      timing: timingAt(speed),
      onOwned: (owned) => this.#owned.push(owned),
    });
    const soil = startSoil(index, { limit: registered.limit, speed, weather: weatherAt(this.time) });
    const plant = createPlant(ripe, registered, { soil, isLegacy: this.#options.isLegacy }, this.#onEvent);
    this.#plants.push(plant);
    this.sensors.push(plant.sensor);
    const who = { sensor: plant.sensor.sensor, name: plant.sensor.name };
    this.#onEvent({ event: 'registered', ...who }, plant.sensor);
  }

  async #tickUntil(signal: AbortSignal): Promise<void> {
    let before = this.time;
    while (!signal.aborted) {
      await pause(TICK_MS, undefined, { signal }).catch(() => {});
      const now = this.time;
      this.#tick(now - before);
      before = now;
    }
  }

  #tick(seconds: number): void {
    const timing = timingAt(this.#options.speed);
    const inflow = pumpInflow(RISE_PERCENT, timing.wateringSimulatedSeconds);
    const weather = weatherAt(this.time);
    for (const plant of this.#plants) {
      advance(plant.sensor, { seconds, weather, pumpInflow: inflow });
      if (plant.sensor.isOnline && Date.now() >= plant.sensor.nextReadingAt) {
        plant.sensor.nextReadingAt = Date.now() + timing.readingEveryMs;
        this.#publish(plant);
      }
    }
  }

  #publish({ sensor, link }: Plant): void {
    const reading = readingOf(sensor, weatherAt(this.time));
    if (!link.publish(reading)) return;
    this.readings += 1;
    this.#onEvent({ event: 'reading', sensor: sensor.sensor, name: sensor.name, ...reading }, sensor);
  }

  async #delete(ripe: RipeClient, { credentials, name }: Owned): Promise<boolean> {
    const who = { sensor: credentials.id, name };
    try {
      await ripe.deleteSensor(credentials);
      this.#onEvent({ event: 'deleted', ...who });
      return true;
    } catch (error) {
      // Its key is right, so this refusal means that somebody else has deleted it.
      if (error instanceof RefusedError && error.status === 400) return true;
      this.#onEvent({ event: 'notDeleted', ...who, reason: (error as Error).message });
      return false;
    }
  }
}
