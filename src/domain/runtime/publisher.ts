import type { DeviceReport } from '../device-report.ts';
import { asksMore, withoutNewWork } from '../new-work.ts';
import type { AgentTwin, Twin, Twins } from '../twin.ts';
import { type EnvelopePorts, Envelopes } from './envelopes.ts';
import type { Delivery } from './ports.ts';
import { Restoration } from './restoration.ts';
import { Vectors } from './vectors.ts';

/**
 * What leaves for the devices: a command vector for those that have ever been, and an envelope beside it. A command that
 * asks more of a device than the one before is on disk before it is sent. One that asks less never waits for anything.
 */
export class Publisher {
  readonly envelopes: Envelopes;
  readonly #vectors: Vectors;
  readonly #twins: Twins;
  readonly #ports: EnvelopePorts;
  readonly #restoration: Restoration;

  constructor(ports: EnvelopePorts, twins: Twins) {
    const shown = (twin: Twin) => this.#shown(twin);
    this.#vectors = new Vectors(ports, twins, shown);
    this.envelopes = new Envelopes(ports, twins, shown);
    this.#twins = twins;
    this.#ports = ports;
    this.#restoration = new Restoration({
      clock: ports.clock,
      timetable: ports.timetable,
      restore: (sensor) => this.#restore(sensor),
      release: (sensor) => this.#withTwin(sensor, (twin) => this.update(twin)),
    });
  }

  stop(): void {
    this.#restoration.stop();
    this.#vectors.stop();
    this.envelopes.stop();
  }

  /** Enters what the sensor is to do next, so that the next commit takes it along; true if that is a new command. */
  prepare(twin: Twin): boolean {
    return this.envelopes.prepare(twin);
  }

  /** Publishes what the sensor is to do, if it is something else than was published last. */
  update(twin: Twin): void {
    const former = twin.command?.agents ?? [];
    const isNew = this.prepare(twin);
    const isMore = isNew && asksMore(twin.command?.agents ?? [], former);
    if (isMore) this.#sendOnceStored(twin.id);
    else this.#send(twin);
    if (isNew && !isMore) this.#ports.store.commit().catch(() => undefined);
  }

  /**
   * Publishes everything once more: after each connection to a broker. What turns off meanwhile is published at once, as
   * ever; what turns on, when every sensor's vector is there.
   */
  publishAll(): void {
    this.#vectors.clearAll();
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
  #sendOnceStored(sensor: number): void {
    const send = () => this.#withTwin(sensor, (twin) => this.#send(twin));
    this.#ports.store.commit().then(send, send);
  }

  #send(twin: Twin): void {
    this.#vectors.update(twin);
    this.envelopes.update(twin);
  }

  #restore(sensor: number): number | null {
    const twin = this.#twins[sensor];
    return twin === undefined ? null : this.repeat(twin);
  }

  /** What may be told of a sensor at present. */
  #shown(twin: Twin): readonly AgentTwin[] {
    if (!this.#restoration.isOn) return twin.agents;
    const neutralOf = ({ agentName }: AgentTwin) => this.#ports.agentTypes.neutralOf(agentName);
    const former = twin.command?.agents ?? [];
    const shown = withoutNewWork(twin.agents, former, neutralOf, this.#ports.clock.now());
    if (shown !== twin.agents) this.#restoration.wait(twin.id);
    return shown;
  }

  #withTwin(sensor: number, work: (twin: Twin) => void): void {
    const twin = this.#twins[sensor];
    if (twin !== undefined) work(twin);
  }
}
