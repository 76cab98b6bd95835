import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosContext, type ChaosResult, LATE_MS } from '../scenario.ts';
import { DeadlineWatch } from '../support/deadline-watch.ts';
import type { Span } from '../support/spans.ts';
import { Bed, type BedAddress, FAN, WATER } from './bed.ts';
import { LegacyDevice } from './device.ts';
import { Gardener } from './gardener.ts';
import { HonouringDevice } from './honouring-device.ts';
import { countReadings, judgeHonouring, judgeLegacy, TICK_MARGIN_MS } from './judgement.ts';
import { call } from './rest.ts';
import type { Ripe } from './ripe.ts';
import { Sensor } from './sensor.ts';
import type { StoredReadings } from './stored-readings.ts';

const SERVED_WITHIN_MS = 20_000;
/** Longer than a restart takes, so that the pumps still run then. */
const LONG_RUN_S = 15;

export interface Plot {
  readonly bed: Bed;
  readonly device: LegacyDevice;
  readonly sensor: Sensor;
  readonly gardener: Gardener;
}

/** A garden with its independent witnesses: devices that watch, sensors that measure, clients that change things. */
export class Scene {
  readonly plots: Plot[] = [];
  readonly lostChanges: string[] = [];
  readonly broken: string[] = [];
  /** When nobody could be told anything, for a reason other than RIPE's. */
  readonly excused: Span[] = [];
  readonly #context: ChaosContext;
  readonly #ripe: Ripe;
  readonly #follows: boolean;

  /** Devices that follow ask REST for their broker whenever they lose it; others go back to the same one. */
  constructor(
    context: ChaosContext,
    ripe: Ripe,
    devices: 'devices stay' | 'devices follow' = 'devices stay',
  ) {
    this.#context = context;
    this.#ripe = ripe;
    this.#follows = devices === 'devices follow';
  }

  /** RIPE has to be healthy already. */
  async open(beds: number): Promise<void> {
    for (let number = 1; number <= beds; number += 1) {
      const address = await this.#register(`Bed ${number}`);
      const watches = { legacy: new DeadlineWatch(), honouring: new DeadlineWatch() };
      const bed = new Bed(address, watches);
      new HonouringDevice(this.#context, address, watches.honouring);
      const plot = {
        bed,
        device: new LegacyDevice(this.#context, address, watches.legacy),
        sensor: new Sensor(this.#context, address),
        gardener: new Gardener(this.#ripe.url, bed, this.#context.random.fork()),
      };
      this.plots.push(plot);
      this.#context.onEnd(() => plot.gardener.stop());
    }
  }

  begin(): void {
    for (const { gardener } of this.plots) gardener.start();
  }

  /** Compares what RIPE shows with what it has acknowledged. */
  check(): Promise<void> {
    return this.rested(() => this.compare());
  }

  /** As `check`, where nobody changes anything anyway. */
  async compare(): Promise<void> {
    for (const { bed } of this.plots) this.lostChanges.push(...(await bed.check(this.#ripe.url)));
  }

  /** Does something while no client changes anything. */
  async rested(work: () => Promise<void> | void): Promise<void> {
    await Promise.all(this.plots.map(({ gardener }) => gardener.rest()));
    await work();
    for (const { gardener } of this.plots) gardener.goOn();
  }

  /** Does something while every pump runs, and waits until all are over. */
  whileAllRun(work: () => Promise<void>): Promise<void> {
    return this.rested(async () => {
      for (const { gardener } of this.plots) await gardener.make(gardener.force(LONG_RUN_S));
      await work();
      await this.#untilRunsAreOver();
      for (const { bed } of this.plots) {
        if (await bed.isRunning(this.#ripe.url)) {
          this.broken.push(`sensor ${bed.address.id} says that it runs after the end of its run`);
        }
      }
    });
  }

  /** How long it takes, from now, until a change has been acknowledged. */
  async untilAcknowledged(withinMs = SERVED_WITHIN_MS): Promise<number> {
    const since = performance.now();
    while (!this.plots.some(({ gardener }) => gardener.acknowledgedAt > since)) {
      if (performance.now() - since > withinMs) {
        this.broken.push(`no change was acknowledged within ${withinMs / 1000} s`);
        break;
      }
      await pause(5);
    }
    return performance.now() - since;
  }

  /** Until RIPE says no to a change, as it must where it cannot keep it. */
  async untilRefused(withinMs = SERVED_WITHIN_MS): Promise<void> {
    const before = this.#refused;
    const until = performance.now() + withinMs;
    while (this.#refused === before && performance.now() < until) await pause(5);
    if (this.#refused === before) this.broken.push('no change was refused while nothing could be stored');
  }

  /** Until what was acknowledged is in the database: a read goes there after everything written before it. */
  async untilStored(withinMs = SERVED_WITHIN_MS): Promise<void> {
    const [plot] = this.plots;
    if (plot === undefined) return;
    const { id, key } = plot.bed.address;
    const until = performance.now() + withinMs;
    await Promise.all(this.plots.map(({ gardener }) => gardener.rest()));
    while ((await call(this.#ripe.url, 'GET', { path: `sensor/${id}/data/first`, key }))?.status !== 200) {
      if (performance.now() > until) throw new Error(`the database is not back:\n${this.#ripe.tail}`);
      await pause(5);
    }
  }

  async untilConnected(): Promise<void> {
    while (this.plots.some(({ device }) => device.disconnected.isOpen)) await pause(5);
  }

  /** From now on nobody says how long the runs under way go on, but not how long at most. */
  forgetRuns(): void {
    for (const { bed } of this.plots) bed.forcedUntil = null;
  }

  /** From now on nobody says which reading was posted last. */
  forgetReadings(): void {
    for (const { bed } of this.plots) bed.light.forget();
  }

  /** Lets every run end by itself, and says what was seen. */
  async close(
    countsReadings: 'readings' | 'no readings',
    read: () => Promise<StoredReadings>,
  ): Promise<ChaosResult> {
    for (const { gardener } of this.plots) await gardener.stop();
    await this.#untilRunsAreOver();
    await this.check();
    const untold = [...this.#ripe.downtime.list, ...this.excused];
    const devices = [judgeLegacy(this.plots, untold), judgeHonouring(this.plots)];
    for (const { bed } of this.plots) {
      const isDeaf = bed.watch.starts > 0 && bed.honouring.starts === 0;
      if (isDeaf) this.broken.push(`the device of sensor ${bed.address.id} got no envelope`);
    }
    for (const { sensor } of this.plots) await sensor.stop();
    await pause(TICK_MARGIN_MS);
    const stored = countsReadings === 'readings' ? await read() : null;
    return {
      kills: this.#ripe.killedAt.length,
      acknowledged: this.plots.reduce((sum, { gardener }) => sum + gardener.acknowledged, 0),
      lostChanges: this.lostChanges,
      readings: stored === null ? null : countReadings(this.plots, stored, this.#ripe.killedAt),
      devices,
      recoveriesMs: this.#ripe.recoveriesMs,
      broken: this.broken,
    };
  }

  async #untilRunsAreOver(): Promise<void> {
    const last = Math.max(...this.plots.map(({ bed }) => bed.watch.deadline));
    await pause(Math.max(0, last - performance.now()) + LATE_MS);
    for (const { bed } of this.plots) {
      if (bed.watch.isOn) this.broken.push(`the pump of sensor ${bed.address.id} is still on after its end`);
    }
  }

  get #refused(): number {
    return this.plots.reduce((sum, { gardener }) => sum + gardener.refused, 0);
  }

  async #register(name: string): Promise<BedAddress> {
    const { url } = this.#ripe;
    const answer = await call(url, 'POST', { path: 'sensor', body: { name } });
    if (answer?.status !== 200) throw new Error(`no sensor could be registered: ${JSON.stringify(answer)}`);
    const { id, key } = answer.body as { id: number; key: string };
    for (const [domain, agent_name] of [
      [WATER, 'ThresholdAgent'],
      [FAN, 'PercentAgent'],
    ]) {
      await call(url, 'POST', { path: `agent/${id}`, key, body: { domain, agent_name } });
    }
    this.#ripe.probeWith({ id, key });
    const broker = await this.#broker(id, key);
    return this.#follows ? { id, key, broker, whereNow: () => this.#named(id, key) } : { id, key, broker };
  }

  async #broker(id: number, key: string): Promise<BedAddress['broker']> {
    const until = performance.now() + SERVED_WITHIN_MS;
    for (;;) {
      const broker = await this.#named(id, key);
      if (broker !== null) return broker;
      if (performance.now() > until) throw new Error(`RIPE serves no broker:\n${this.#ripe.tail}`);
      await pause(20);
    }
  }

  /** The broker that REST names. */
  async #named(id: number, key: string): Promise<BedAddress['broker'] | null> {
    const status = await call(this.#ripe.url, 'GET', { path: `sensor/${id}`, key });
    const { broker } = (status?.body ?? {}) as { broker?: { items: BedAddress['broker'][] } };
    return broker?.items[0] ?? null;
  }
}
