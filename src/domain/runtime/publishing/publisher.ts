import type { DeviceReport } from '../../command/device-report.ts';
import { asksMore, withoutNewWork } from '../../command/new-work.ts';
import { type AgentCommand, isSameCommand } from '../../command/sensor-command.ts';
import type { AgentTwin, Twin, Twins } from '../../sensor/twin.ts';
import type { Timetable } from '../../time/clock.ts';
import type { Delivery } from '../ports.ts';
import { CommandBook } from './command-book.ts';
import { type Draft, Drafts, type FirstValue } from './drafts.ts';
import { type EnvelopePorts, Envelopes } from './envelopes.ts';
import { Restoration } from './restoration.ts';
import { Vectors } from './vectors.ts';

/**
 * What leaves for the devices: a command vector for those that have ever been, and an envelope beside it. A command that
 * asks more of a device than the one before is on disk before it is sent. What asks less never waits for anything.
 */
export class Publisher {
  readonly envelopes: Envelopes;
  readonly #vectors: Vectors;
  readonly #twins: Twins;
  readonly #ports: EnvelopePorts;
  readonly #drafts: Drafts;
  readonly #restoration: Restoration;
  /** When what a sensor was told ends, while something else waits. */
  readonly #ends: Timetable<number>;

  constructor(ports: EnvelopePorts, twins: Twins) {
    const book = new CommandBook(ports);
    const drafts = new Drafts(book);
    const shown = (twin: Twin) => this.#shown(twin);
    this.#drafts = drafts;
    this.#vectors = new Vectors(ports, twins, shown);
    this.envelopes = new Envelopes(ports, twins, {
      book,
      shown,
      stored: (sensor, wanted) => drafts.take(sensor, wanted),
    });
    this.#twins = twins;
    this.#ports = ports;
    this.#ends = ports.timetable((sensor: number) => this.#withTwin(sensor, (twin) => this.update(twin)));
    this.#restoration = new Restoration({
      clock: ports.clock,
      timetable: ports.timetable,
      restore: (sensor) => this.#restore(sensor),
      release: (sensor) => this.#withTwin(sensor, (twin) => this.update(twin)),
    });
  }

  stop(): void {
    this.#ends.stop();
    this.#restoration.stop();
    this.#vectors.stop();
    this.envelopes.stop();
  }

  /**
   * Enters what asks more of the sensor than it was told, so that the next commit takes it along; the answer is `stored`
   * then. `first`: what a job is about to set. Null: nothing more is asked at present, or nothing may be told.
   */
  prepare(twin: Twin, first: FirstValue | null = null): Draft | null {
    const agents = first === null ? twin.agents : withFirst(twin.agents, first);
    const wanted = this.envelopes.commandsOf(agents);
    const isMore = asksMore(wanted, twin.command?.agents ?? []);
    if (isMore && !this.#restoration.isOn) return this.#enter(twin, wanted, first);
    if (isMore) this.#drafts.keepOnly(twin.id, wanted);
    else this.#drafts.clear(twin);
    return null;
  }

  #enter(twin: Twin, wanted: AgentCommand[], first: FirstValue | null): Draft {
    const draft = this.#drafts.enter(twin.id, wanted, first);
    // What it was told before ends when it was to end, however long the disk takes.
    this.#shown(twin);
    return draft;
  }

  /** What was decided just now has its row in the next commit: a draft of an earlier one, though it says the same, is no proof of it. */
  renew({ id }: Twin): void {
    this.#drafts.drop(id);
  }

  /** It is on disk, and may be told by the next `update`. */
  stored(draft: Draft | null): void {
    if (draft !== null) draft.isStored = true;
  }

  /** The store did not take it: what of it is still asked for is entered anew. */
  refused({ id }: Twin, draft: Draft | null): void {
    if (draft !== null && this.#drafts.of(id) === draft) this.#drafts.drop(id);
  }

  /** Publishes what the sensor is to do, if it is something else than was published last: what is more, once it is stored. */
  update(twin: Twin): void {
    const before = this.#drafts.of(twin.id);
    const draft = this.prepare(twin);
    if (draft !== null && draft !== before) this.#tellOnceStored(twin.id, draft);
    if (draft === null || draft.isStored || this.#asksLess(twin)) this.#send(twin);
  }

  /**
   * Publishes everything once more: after each connection to a broker. What turns off meanwhile is published at once, as
   * ever; what turns on, when every sensor's vector is there.
   */
  publishAll(): void {
    for (const sensor of this.#drafts.sensors) this.#withTwin(sensor, (twin) => this.#hurry(twin));
    this.#vectors.clearAll();
    this.envelopes.connected();
    this.#restoration.begin(Object.values(this.#twins).map(({ id }) => id));
  }

  /**
   * Publishes the sensor once more: under a new key a broker retains nothing yet. Answers the sequence of its vector; null
   * where it has none.
   */
  repeat(twin: Twin): number | null {
    if (twin.agents.length === 0) return null;
    const sequence = this.#vectors.repeat(twin);
    this.envelopes.repeat(twin);
    return sequence;
  }

  /** A device says what it does, or asks what it is to do. */
  report(twin: Twin, report: DeviceReport): void {
    this.envelopes.report(twin, report);
  }

  /** The sensor has no agents any more, see Vectors. */
  owe(sensor: number, key: string): void {
    this.#vectors.owe(sensor, key);
    const twin = this.#twins[sensor];
    this.#drafts.drop(sensor);
    if (twin === undefined) this.envelopes.forget(sensor);
    else this.envelopes.update(twin);
  }

  remember(sensor: number): void {
    this.#vectors.remember(sensor);
  }

  forgive(sensor: number): void {
    this.#vectors.forgive(sensor);
  }

  /** See Vectors. Of a sensor whose turn is still to come the broker may retain an older vector. */
  settle(sensor: number, job: string): void {
    this.#vectors.settle(sensor, job, this.#restoration.isUntold(sensor));
  }

  delivered(delivery: Delivery): void {
    if (delivery.envelope !== undefined) this.envelopes.delivered(delivery);
    else {
      this.#vectors.delivered(delivery);
      this.#restoration.delivered(delivery);
    }
  }

  undelivered(delivery: Delivery): void {
    if (delivery.envelope !== undefined) this.envelopes.undelivered(delivery);
    else this.#vectors.undelivered(delivery);
  }

  /** A job that has its row is carried out also where the disk has no room for what becomes of it. */
  #tellOnceStored(sensor: number, draft: Draft): void {
    const tell = () => {
      this.stored(draft);
      this.#withTwin(sensor, (twin) => this.update(twin));
    };
    this.#ports.store.commit().then(tell, tell);
  }

  #send(twin: Twin): void {
    const isNew = this.envelopes.prepare(twin);
    this.#vectors.update(twin);
    this.envelopes.update(twin);
    if (isNew) this.#ports.store.commit().catch(() => undefined);
  }

  /** Beside what has to wait, the sensor is to do less, or shorter, than it was told. */
  #asksLess(twin: Twin): boolean {
    const told = twin.command?.agents;
    return told !== undefined && !isSameCommand(told, this.envelopes.commandsOf(this.#shown(twin)));
  }

  /**
   * What was decided before a connection is part of what is restored. A job is on disk by the time that it sets a value,
   * with its end; the row of its command follows. What is held has to wait.
   */
  #hurry(twin: Twin): void {
    const draft = this.#drafts.of(twin.id);
    if (draft === undefined || draft.first !== null) return;
    const shown = this.#shown(twin);
    if (twin.agents.every((agent, place) => agent === shown[place] || agent.until !== null))
      this.stored(draft);
    this.envelopes.prepare(twin);
  }

  #restore(sensor: number): number | null {
    const twin = this.#twins[sensor];
    return twin === undefined ? null : this.repeat(twin);
  }

  /** What may be told of a sensor at present. */
  #shown(twin: Twin): readonly AgentTwin[] {
    const neutralOf = ({ agentName }: AgentTwin) => this.#ports.agentTypes.neutralOf(agentName);
    const former = twin.command?.agents ?? [];
    const shown = withoutNewWork(twin.agents, former, neutralOf, this.#ports.clock.now());
    if (shown === twin.agents) return shown;
    if (this.#restoration.isOn) this.#restoration.wait(twin.id);
    else if (this.#drafts.stored(twin.id, this.envelopes.commandsOf(twin.agents)) !== null)
      return twin.agents;
    const end = nextEnd(shown, this.#ports.clock.now());
    if (end !== null) this.#ends.set(twin.id, end);
    return shown;
  }

  #withTwin(sensor: number, work: (twin: Twin) => void): void {
    const twin = this.#twins[sensor];
    if (twin !== undefined) work(twin);
  }
}

/** When the first of them ends after `now`, be it a job or what is held; null where none does. */
function nextEnd(agents: readonly AgentTwin[], now: number): number | null {
  const ends = agents.flatMap(({ until, holdEndsAt }) => [until ?? 0, holdEndsAt ?? 0]);
  const next = Math.min(...ends.filter((end) => end > now));
  return next === Number.POSITIVE_INFINITY ? null : next;
}

function withFirst(agents: readonly AgentTwin[], { domain, value, until }: FirstValue): AgentTwin[] {
  return agents.map((agent) => (agent.domain === domain ? { ...agent, value, until } : agent));
}
