import type { AgentTypes } from '../../agent/agent-host.ts';
import { sensorTopic } from '../../broker/topics.ts';
import { type DeviceReport, GRACE_MS } from '../../command/device-report.ts';
import { type Envelope, envelopeOf } from '../../command/envelope.ts';
import {
  type AgentCommand,
  agentCommands,
  earliestEnd,
  isSameCommand,
  isUnheard,
  LEASE_MS,
  renewCommand,
  type SensorCommand,
} from '../../command/sensor-command.ts';
import { SensorTable } from '../../sensor/sensor-table.ts';
import type { AgentTwin, Twin, Twins } from '../../sensor/twin.ts';
import type { Timetable, TimetableFactory } from '../../time/clock.ts';
import type { Delivery, Publication } from '../ports.ts';
import type { BookPorts, CommandBook } from './command-book.ts';

export interface EnvelopePorts extends BookPorts {
  readonly timetable: TimetableFactory;
  readonly agentTypes: AgentTypes;
}

/** What of the sensors' commands is decided elsewhere. */
export interface Telling {
  readonly book: CommandBook;
  /** The agents of a twin with the values that may be told at present. */
  shown(twin: Twin): readonly AgentTwin[];
  /** The command that says this and is on disk already, to be told now; null: there is none. */
  stored(sensor: number, wanted: readonly AgentCommand[]): SensorCommand | null;
}

const RENEW_MS = 180_000;
/** What could not be handed over goes out again after this time, unless a connection comes first. */
const RETRY_MS = 5_000;
const RETRY_RENEWAL_MS = 30_000;
/** An envelope is of no use to a device that gets it late: it asks when it is back. */
const LONGEST_EXPIRY_S = 10;

/**
 * Publishes envelopes: what each agent's actuator is to do, and when the device has to go neutral by itself. They are not
 * retained, so that no broker ever replays one; a device that has just connected asks.
 */
export class Envelopes {
  readonly #ports: EnvelopePorts;
  readonly #twins: Twins;
  readonly #telling: Telling;
  readonly #book: CommandBook;
  /** The sequence of each sensor's last envelope. */
  readonly #last = new SensorTable<number>();
  /** Sensors whose newest envelope is still to be sent, or has not reached the broker. */
  readonly #due = new Set<number>();
  /** Sensors of which the envelope before was lost as well. */
  readonly #failing = new Set<number>();
  readonly #again: Timetable<number>;
  readonly #ends: Timetable<number>;
  #sequence = 0;

  constructor(ports: EnvelopePorts, twins: Twins, telling: Telling) {
    this.#ports = ports;
    this.#telling = telling;
    this.#twins = twins;
    this.#book = telling.book;
    this.#again = ports.timetable((sensor: number) => this.#withTwin(sensor, (twin) => this.repeat(twin)));
    this.#ends = ports.timetable((sensor: number) =>
      this.#withTwin(sensor, (twin) => this.#book.expire(twin)),
    );
  }

  stop(): void {
    this.#again.stop();
    this.#ends.stop();
  }

  /** The newest command of an earlier run: if it still holds, it is said again under its id. */
  restore(twin: Twin, command: SensorCommand): void {
    this.#book.restore(twin, command);
    this.#watchEnd(twin.id, command);
  }

  /** Another broker, or the same one anew: it may take what the one before has not. */
  connected(): void {
    this.#failing.clear();
  }

  forget(sensor: number): void {
    this.#book.forget(sensor);
    this.#last.delete(sensor);
    this.#due.delete(sensor);
    this.#failing.delete(sensor);
    this.#again.delete(sensor);
    this.#ends.delete(sensor);
  }

  /** What a command says where these agents are to be told. */
  commandsOf(agents: readonly AgentTwin[]): AgentCommand[] {
    const { agentTypes, clock } = this.#ports;
    return agentCommands(agents, ({ agentName }) => agentTypes.neutralOf(agentName), clock.now());
  }

  /**
   * Brings the sensor's command up to date if it is to do something else, or until another time; true if that is a new
   * one, which is still to be stored. `update` sends it.
   */
  prepare(twin: Twin): boolean {
    if (twin.agents.length === 0 && twin.command === null) return false;
    const former = twin.command;
    const isNew = this.#renew(twin, this.#telling.shown(twin));
    if (twin.command !== former) this.#due.add(twin.id);
    return isNew;
  }

  /** Publishes an envelope if the sensor is to do something else, or until another time. */
  update(twin: Twin): void {
    this.prepare(twin);
    if (this.#due.has(twin.id)) this.#send(twin);
  }

  /** Publishes the present envelope once more, with its leases renewed. */
  repeat(twin: Twin): void {
    this.#renew(twin, this.#telling.shown(twin));
    this.#send(twin);
  }

  /** The message for the moment of stopping: its values are those that remain when RIPE is gone. */
  lastWord(twin: Twin, values: readonly number[]): Omit<Publication, 'delivery'> {
    const resting = (agent: AgentTwin, place: number) => ({
      ...agent,
      value: values[place] ?? 0,
      until: null,
    });
    this.#renew(twin, twin.agents.map(resting));
    return this.#write(twin.id, twin.command as SensorCommand).publication;
  }

  report(twin: Twin, report: DeviceReport): void {
    if (report.state !== undefined) this.#book.report(twin, report);
    if (report.ask === true) this.repeat(twin);
  }

  delivered({ sensor, envelope = '' }: Delivery): void {
    this.#failing.delete(sensor);
    this.#book.sent(sensor, envelope);
  }

  undelivered({ sensor, envelope = '', sequence }: Delivery): void {
    this.#book.lost(sensor, envelope);
    const command = this.#twins[sensor]?.command;
    // Reports on what a runtime before this one has sent may still come in.
    if (command?.id !== envelope || sequence !== this.#last.get(sensor)) return;
    this.#due.add(sensor);
    // A lease may be about to end; but a broker that takes no envelopes at all is not asked all the time.
    const isUrgent = command.state === 'queued' || !this.#failing.has(sensor);
    this.#failing.add(sensor);
    const delayMs = isUrgent ? RETRY_MS : RETRY_RENEWAL_MS;
    this.#again.set(sensor, this.#ports.clock.now() + delayMs);
  }

  /** Brings the twin's command up to date; true if it is a new one, that is not on disk yet. */
  #renew(twin: Twin, agents: readonly AgentTwin[]): boolean {
    const wanted = this.commandsOf(agents);
    const present = twin.command;
    if (present !== null && isSameCommand(present.agents, wanted)) {
      if (this.#isTooShort(present.agents, wanted)) this.#due.add(twin.id);
      renewCommand(present.agents, wanted);
      return false;
    }
    const stored = this.#telling.stored(twin.id, wanted);
    if (stored === null) this.#book.add(twin, wanted);
    else {
      // It was made a moment ago: ends and reasons may be others by now.
      stored.agents.splice(0, stored.agents.length, ...wanted);
      this.#book.adopt(twin, stored);
    }
    return stored === null;
  }

  /** A lease that a hard limit had cut is to last longer, and would end before it is renewed. */
  #isTooShort(told: readonly AgentCommand[], wanted: readonly AgentCommand[]): boolean {
    const renewedAt = this.#ports.clock.now() + RENEW_MS;
    return told.some(
      ({ isLeased, until }, place) =>
        isLeased && until !== null && until < renewedAt && (wanted[place]?.until ?? 0) > until,
    );
  }

  #send(twin: Twin): void {
    const command = twin.command as SensorCommand;
    const { publication, sequence } = this.#write(twin.id, command);
    this.#book.sends(command);
    this.#last.set(twin.id, sequence);
    this.#due.delete(twin.id);
    const isLeased = command.agents.some((agent) => agent.isLeased);
    if (isLeased) this.#again.set(twin.id, this.#ports.clock.now() + RENEW_MS);
    else this.#again.delete(twin.id);
    this.#watchEnd(twin.id, command);
    const delivery = { sensor: twin.id, sequence, envelope: command.id };
    this.#ports.wires.publish({ ...publication, delivery });
  }

  #write(sensor: number, command: SensorCommand) {
    const at = this.#ports.clock.now();
    this.#sequence += 1;
    const sequence = this.#sequence;
    const payload: Envelope = envelopeOf(command, { epoch: this.#ports.epoch(), sequence, at });
    const topic = sensorTopic('envelope', sensor);
    const expiry = expirySeconds(command, at);
    return { sequence, publication: { topic, payload, retain: false, qos: 1, expiry } as const };
  }

  #watchEnd(sensor: number, command: SensorCommand): void {
    const end = isUnheard(command) ? earliestEnd(command.agents) : null;
    if (end === null) this.#ends.delete(sensor);
    else this.#ends.set(sensor, end + GRACE_MS);
  }

  #withTwin(sensor: number, work: (twin: Twin) => void): void {
    const twin = this.#twins[sensor];
    if (twin !== undefined) work(twin);
  }
}

function expirySeconds({ agents }: SensorCommand, at: number): number {
  const soonest = agents.reduce((least, { until }) => Math.min(least, until ?? least), at + LEASE_MS);
  return Math.min(LONGEST_EXPIRY_S, Math.max(1, Math.ceil((soonest - at) / 1_000)));
}
