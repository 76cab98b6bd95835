import { sensorTopic } from '../../broker/topics.ts';
import { commandVector } from '../../command/vector.ts';
import { SensorTable } from '../../sensor/sensor-table.ts';
import { type AgentTwin, firstEnd, type Twin, type Twins } from '../../sensor/twin.ts';
import type { Store } from '../../store.ts';
import type { Clock, Timetable, TimetableFactory } from '../../time/clock.ts';
import type { Delivery, RuntimeWires } from '../ports.ts';
import { type Channel, NO_CHANGES, NOBODY, NONE, newChannel, without } from './channel.ts';

/** A vector that the pool could not hand over goes out again after this time, unless another one did before. */
const RETRY_MS = 5_000;
/** How long a broker may keep a vector with a running job after the job's end: if RIPE is dead, no longer. */
const EXPIRES_AFTER_MS = 5_000;
/** Brokers count in whole seconds: a job's end that moves by less is no news. */
const SECOND_MS = 1_000;

/**
 * Publishes command vectors: whole, retained, QoS 2, and only when an agent's value has changed or the end of its job,
 * since a Raspberry Pi re-applies every byte of every message (protocol §5.3).
 */
export class Vectors {
  readonly #store: Store;
  readonly #wires: RuntimeWires;
  readonly #clock: Clock;
  readonly #twins: Twins;
  readonly #shown: (twin: Twin) => readonly AgentTwin[];
  readonly #channels = new SensorTable<Channel>();
  /** Sensors without agents whose retained vector is still to be deleted. */
  readonly #owedClears = new Set<number>();
  readonly #retries: Timetable<number>;
  #sequence: number;

  /** `shown`: the agents of a twin with the values that may be told at present. */
  constructor(
    ports: { store: Store; wires: RuntimeWires; clock: Clock; timetable: TimetableFactory },
    twins: Twins,
    shown: (twin: Twin) => readonly AgentTwin[],
  ) {
    this.#shown = shown;
    this.#store = ports.store;
    this.#wires = ports.wires;
    this.#clock = ports.clock;
    this.#twins = twins;
    this.#retries = ports.timetable((sensor: number) => this.#retry(sensor));
    // After a deploy of the runtime alone, reports of its predecessor still come in: theirs are lower.
    this.#sequence = ports.clock.now();
  }

  stop(): void {
    this.#retries.stop();
  }

  /** Publishes the sensor's vector if it differs from the last one. */
  update(twin: Twin): void {
    // An empty vector deletes the retained one; an ESP8266 reads its first byte without looking at the length.
    if (twin.agents.length === 0) return;
    const channel = this.#channel(twin.id);
    const agents = this.#shown(twin);
    const changed = agents.filter((agent) => channel.told[agent.domain] !== agent.value);
    const isWhole = channel.size === agents.length && !channel.isLost;
    if (changed.length === 0 && isWhole && !hasMoved(channel.until, firstEnd(agents))) return;
    this.#publish(twin.id, agents, new Set(changed.map(({ domain }) => domain)));
  }

  /** Publishes the sensor's vector once more: after each connection to a broker. Answers its sequence. */
  repeat(twin: Twin): number {
    const agents = this.#shown(twin);
    return this.#publish(twin.id, agents, new Set(agents.map(({ domain }) => domain)));
  }

  /** Deletes once more what is still to be deleted. */
  clearAll(): void {
    for (const sensor of this.#owedClears) this.#clear(sensor);
  }

  /** Deletes the retained vector of a sensor that has no agents any more, and keeps at it until that is delivered. */
  owe(sensor: number, key: string): void {
    this.#owedClears.add(sensor);
    this.#store.write({ type: 'clearOwed', sensor, key });
    this.#clear(sensor);
  }

  /** A debt of an earlier run, out of the store. */
  remember(sensor: number): void {
    this.#owedClears.add(sensor);
  }

  /** The sensor has agents again: its next vector replaces the retained one. */
  forgive(sensor: number): void {
    if (this.#owedClears.delete(sensor)) this.#store.write({ type: 'clearDone', sensor });
  }

  /**
   * Tells the runner that a job may close, as soon as the sensor's present vector has been delivered; the next one, if the
   * broker in service has not been told of it yet.
   */
  settle(sensor: number, job: string, isUntold: boolean): void {
    const channel = this.#channel(sensor);
    // Without agents there is no vector to wait for, once the retained one has been deleted.
    const isBare = (this.#twins[sensor]?.agents.length ?? 0) === 0 && !this.#owedClears.has(sensor);
    // Before the first delivery since the start, the broker may still retain a vector of an earlier run.
    const isDelivered = !isUntold && channel.delivered > 0 && channel.sequence <= channel.delivered;
    if (isDelivered || isBare) this.#wires.jobDelivered(job);
    else if (!channel.waiting.some((entry) => entry.job === job)) {
      const present = isUntold ? 0 : channel.sequence;
      channel.waiting = [...channel.waiting, { sequence: present || this.#sequence + 1, job }];
    }
  }

  /**
   * The pool could not hand a vector over: nobody was told of it. The next one, at the latest that after the next
   * connection or in 5 s, repairs that.
   */
  undelivered({ sensor, sequence }: Delivery): void {
    const channel = this.#channels.get(sensor);
    if (channel === undefined) return;
    const lost = channel.changes.find((change) => change.sequence === sequence);
    channel.changes = channel.changes.filter((change) => change !== lost);
    if (sequence !== channel.sequence) return;
    if (lost !== undefined) channel.told = without(channel.told, lost.values);
    channel.isLost = true;
    this.#retries.set(sensor, this.#clock.now() + RETRY_MS);
  }

  /** A delivery report of the pool. */
  delivered({ sensor, sequence }: Delivery): void {
    const channel = this.#channels.get(sensor);
    if (channel === undefined || sequence <= channel.delivered) return;
    channel.delivered = sequence;
    this.#recordHistory(sensor, channel);
    const { waiting } = channel;
    channel.waiting = waiting.length === 0 ? NOBODY : waiting.filter((entry) => entry.sequence > sequence);
    for (const entry of waiting) if (entry.sequence <= sequence) this.#wires.jobDelivered(entry.job);
    if (channel.size === 0 && sequence === channel.sequence) this.forgive(sensor);
    const twin = this.#twins[sensor];
    if (twin === undefined && !this.#owedClears.has(sensor)) this.#channels.delete(sensor);
  }

  #retry(sensor: number): void {
    const twin = this.#twins[sensor];
    if (this.#owedClears.has(sensor)) this.#clear(sensor);
    else if (twin !== undefined) this.update(twin);
  }

  #clear(sensor: number): void {
    const channel = this.#channel(sensor);
    channel.until = null;
    channel.told = NONE;
    this.#send(sensor, channel, new Uint8Array(0));
  }

  #publish(sensor: number, agents: readonly AgentTwin[], changed: ReadonlySet<string>): number {
    const channel = this.#channel(sensor);
    channel.until = firstEnd(agents);
    const all = agents.map(({ domain, value }): [string, number] => [domain, value]);
    channel.told = Object.fromEntries(all);
    this.#send(sensor, channel, commandVector(agents.map((agent) => agent.value)));
    const news = all.filter(([domain]) => changed.has(domain));
    if (news.length > 0) {
      const change = { sequence: channel.sequence, values: Object.fromEntries(news) };
      channel.changes = [...channel.changes, change];
    }
    this.#wires.event({ kind: 'command', sensor, values: Object.fromEntries(all) });
    return channel.sequence;
  }

  #send(sensor: number, channel: Channel, payload: Uint8Array): void {
    channel.size = payload.length;
    this.#sequence += 1;
    channel.sequence = this.#sequence;
    channel.isLost = false;
    this.#retries.delete(sensor);
    this.#wires.publish({
      topic: sensorTopic('cmd', sensor),
      payload,
      retain: true,
      qos: 2,
      ...(channel.until === null ? {} : { expiry: this.#expirySeconds(channel.until) }),
      delivery: { sensor, sequence: channel.sequence },
    });
  }

  #expirySeconds(until: number): number {
    return Math.max(1, Math.ceil((until + EXPIRES_AFTER_MS - this.#clock.now()) / SECOND_MS));
  }

  /** One row per value that reached the broker (protocol §5.3, §7.2). */
  #recordHistory(sensor: number, channel: Channel): void {
    const at = this.#clock.now();
    const { delivered, changes } = channel;
    const left = changes.filter(({ sequence }) => sequence > delivered);
    channel.changes = left.length === 0 ? NO_CHANGES : left;
    if (this.#twins[sensor] === undefined) return;
    for (const { values } of changes.slice(0, changes.length - left.length)) {
      for (const [domain, value] of Object.entries(values)) {
        this.#store.write({ type: 'commandAdded', command: { sensor, domain, value, at } });
      }
    }
  }

  #channel(sensor: number): Channel {
    let channel = this.#channels.get(sensor);
    if (channel === undefined) {
      channel = newChannel();
      this.#channels.set(sensor, channel);
    }
    return channel;
  }
}

function hasMoved(told: number | null, now: number | null): boolean {
  if (told === null || now === null) return told !== now;
  return Math.abs(told - now) >= SECOND_MS;
}
