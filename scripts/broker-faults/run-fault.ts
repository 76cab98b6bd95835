import { setTimeout as pause } from 'node:timers/promises';
import { type BrokerPool, createBrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import type { IncomingMessage } from '../../src/adapters/mqtt/link/broker-link.ts';
import { FaithfulSensor } from './faithful-sensor.ts';
import type { Fault } from './fault.ts';
import { Place } from './place.ts';

/** Protocol §5.2. */
export const KEEP_ALIVE_SECONDS = 5;
const EVERY_MS = 10;
const BEFORE_MS = 500;
const SERVED_WITHIN_MS = 30_000;
const AFTER_MS = 1_000;
const ARRIVED_WITHIN_MS = 8_000;

export interface FaultResult {
  readonly published: number;
  readonly acknowledged: number;
  /** From the fault until a broker was in service again; 0: one was all the time. */
  readonly outOfServiceMs: number;
  /** The longest time without a reading, from the fault on. */
  readonly gapMs: number;
  /** Acknowledged by a broker, and never arrived. */
  readonly lost: number;
  /** Arrived more than once. */
  readonly duplicates: number;
}

/** Two mosquittos, a pool at both, a publisher beside it, and one fault. */
export async function runFault(fault: Fault, keepAliveSeconds = KEEP_ALIVE_SECONDS): Promise<FaultResult> {
  const places = ['first', 'second'].map((name) => new Place(name, fault.isSecure));
  const trial = new Trial(fault, places, keepAliveSeconds);
  try {
    await Promise.all(places.map((place) => place.open()));
    return await trial.run();
  } finally {
    await trial.stop();
    await Promise.all(places.map((place) => place.close()));
  }
}

class Trial {
  readonly #fault: Fault;
  readonly #keepAliveSeconds: number;
  readonly #places: readonly Place[];
  readonly #arrivals = new Map<number, number>();
  readonly #arrivedAt: number[] = [];
  readonly #sensors: FaithfulSensor[] = [];
  #pool: BrokerPool | null = null;
  #published = 0;
  #lostAt: number | null = null;
  #servedAt: number | null = null;

  constructor(fault: Fault, places: readonly Place[], keepAliveSeconds: number) {
    this.#fault = fault;
    this.#keepAliveSeconds = keepAliveSeconds;
    this.#places = places;
  }

  async run(): Promise<FaultResult> {
    await this.#open();
    await pause(BEFORE_MS);
    const [serving, other] = this.#inOrder();
    if (serving === undefined || other === undefined) throw new Error('two brokers are needed');
    const struckAt = performance.now();
    await this.#fault.strike(serving, other);
    const isOver = () => this.#hasSwitched || this.#fault.bound === 'none';
    await until(isOver, SERVED_WITHIN_MS);
    await pause(AFTER_MS);
    const gapMs = this.#gap(struckAt);
    const outOfServiceMs = this.#lostAt === null ? 0 : (this.#servedAt ?? Number.NaN) - struckAt;
    await this.#settle(serving);
    return { ...this.#count(), outOfServiceMs, gapMs };
  }

  /** The broker that serves comes first: one that is slow to answer at the start is not waited for. */
  #inOrder(): readonly Place[] {
    const [inService] = this.#pool?.inService ?? [];
    const first = this.#places.find(({ name }) => name === inService?.name);
    return this.#places.toSorted((a, b) => Number(b === first) - Number(a === first));
  }

  async stop(): Promise<void> {
    for (const sensor of this.#sensors) sensor.stop();
    await this.#pool?.stop();
  }

  get #hasSwitched(): boolean {
    return this.#lostAt !== null && this.#servedAt !== null && this.#servedAt > this.#lostAt;
  }

  async #open(): Promise<void> {
    const { mode } = this.#fault;
    const pool = createBrokerPool({
      brokers: this.#places.map(({ definition }) => definition),
      mode,
      clientId: 'ripe-faults',
      keepAliveSeconds: this.#keepAliveSeconds,
      subscriptions: [{ topic: 'sensor/data/+/+', qos: 2 }],
      onMessage: (message) => this.#arrived(message),
      onConnected: () => {
        if (this.#lostAt !== null) this.#servedAt ??= performance.now();
      },
      onDisconnected: () => {
        if (pool.inService.length === 0) this.#lostAt ??= performance.now();
      },
      onFailed: () => undefined,
    });
    this.#pool = pool;
    pool.start();
    await until(() => pool.inService.length === (mode === 'all' ? 2 : 1), SERVED_WITHIN_MS);
    this.#publish(pool);
  }

  /** In failover mode one sensor that goes where RIPE is; in mode all two that publish the same, one at each broker. */
  #publish(pool: BrokerPool): void {
    const served = () => this.#places.find(({ name }) => name === pool.inService[0]?.name);
    const targets =
      this.#fault.mode === 'failover'
        ? [() => served()?.clientOptions ?? null]
        : this.#places.map((place) => () => place.clientOptions);
    for (const target of targets) {
      let number = 0;
      const next = () => {
        number += 1;
        this.#published = Math.max(this.#published, number);
        return number;
      };
      const sensor = new FaithfulSensor(target, next);
      sensor.start(EVERY_MS);
      this.#sensors.push(sensor);
    }
  }

  #arrived({ payload }: IncomingMessage): void {
    const { moisture } = JSON.parse(payload.toString()) as { moisture: number };
    this.#arrivals.set(moisture, (this.#arrivals.get(moisture) ?? 0) + 1);
    this.#arrivedAt.push(performance.now());
  }

  #gap(from: number): number {
    const times = [from, ...this.#arrivedAt.filter((at) => at > from), performance.now()];
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
  }

  /** The fault is over: whatever a broker still has must arrive now. */
  async #settle(struck: Place): Promise<void> {
    const { mosquitto, proxy } = struck;
    mosquitto.thaw();
    await proxy.listen();
    proxy.heal();
    await Promise.all(this.#sensors.map((sensor) => sensor.rest(ARRIVED_WITHIN_MS)));
    await until(() => this.#missing().length === 0, ARRIVED_WITHIN_MS).catch(() => undefined);
  }

  #missing(): number[] {
    const acknowledged = this.#sensors.flatMap((sensor) => [...sensor.acknowledged.keys()]);
    return [...new Set(acknowledged)].filter((number) => !this.#arrivals.has(number));
  }

  #count(): Omit<FaultResult, 'gapMs' | 'outOfServiceMs'> {
    const acknowledged = new Set(this.#sensors.flatMap((sensor) => [...sensor.acknowledged.keys()]));
    const copies = [...this.#arrivals.values()].reduce((sum, count) => sum + count - 1, 0);
    return {
      published: this.#published,
      acknowledged: acknowledged.size,
      lost: this.#missing().length,
      duplicates: copies,
    };
  }
}

async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not so within ${withinMs} ms: ${isSo}`);
    await pause(5);
  }
}
