import { type DeviceReport, GRACE_MS, type Progress, progressOf } from '../../command/device-report.ts';
import {
  type AgentCommand,
  earliestEnd,
  isUnheard,
  type SensorCommand,
} from '../../command/sensor-command.ts';
import { fieldError } from '../../errors.ts';
import { SensorTable } from '../../sensor/sensor-table.ts';
import type { Twin } from '../../sensor/twin.ts';
import type { Store } from '../../store.ts';
import type { Clock } from '../../time/clock.ts';
import type { RuntimeWires } from '../ports.ts';

export interface BookPorts {
  readonly store: Store;
  readonly wires: RuntimeWires;
  readonly clock: Clock;
  /** The present epoch. */
  epoch(): number;
}

/** Of how many commands of a sensor a report is still expected; the store keeps more. */
const MOST_RECENT = 4;

/**
 * What became of the commands of each sensor. The newest one is shown in its twin; every step of its life is written and
 * told. Nothing is ever looked up in the store.
 */
export class CommandBook {
  readonly #ports: BookPorts;
  /** Of the newest commands those that have not been sent yet, or that the pool could not hand over. */
  readonly #unsent = new WeakSet<SensorCommand>();
  /** The one that its twin shows, then the others. */
  readonly #recent = new SensorTable<readonly SensorCommand[]>();
  #made = 0;

  constructor(ports: BookPorts) {
    this.#ports = ports;
  }

  /** The newest command of an earlier run. One that has expired may never have been told: it says nothing of the device. */
  restore(twin: Twin, command: SensorCommand): void {
    this.#recent.set(twin.id, [command]);
    if (command.state !== 'expired') twin.command = command;
  }

  forget(sensor: number): void {
    this.#recent.delete(sensor);
  }

  /** Enters a new command in place of the present one. */
  add(twin: Twin, agents: AgentCommand[]): void {
    this.adopt(twin, this.draft(twin.id, agents));
  }

  /** Enters a command that is not to be told yet. */
  draft(sensor: number, agents: AgentCommand[]): SensorCommand {
    const { clock, epoch } = this.#ports;
    const [at, present] = [clock.now(), epoch()];
    const [shown, ...others] = this.#recent.get(sensor) ?? [];
    const ordinal = [shown, ...others].reduce((most, other) => Math.max(most, other?.ordinal ?? 0), 0) + 1;
    this.#made += 1;
    const command: SensorCommand = {
      id: `${present}-${this.#made}`,
      epoch: present,
      ordinal,
      at,
      agents,
      state: 'queued',
      stateAt: at,
      observed: null,
      reason: null,
    };
    this.#keep(sensor, shown === undefined ? [command] : [shown, command, ...others]);
    this.#save(sensor, command);
    return command;
  }

  /** From now on the command is the sensor's, in the place of the present one. */
  adopt(twin: Twin, command: SensorCommand): void {
    this.#supersede(twin);
    const others = (this.#recent.get(twin.id) ?? []).filter((other) => other !== command);
    this.#keep(twin.id, [command, ...others]);
    twin.command = command;
    this.#unsent.add(command);
  }

  /** A command that was not to be told yet never will be. */
  discard(sensor: number, command: SensorCommand): void {
    this.#move(sensor, command, { ...command, state: 'expired' });
  }

  /** It leaves for the pool. */
  sends(command: SensorCommand): void {
    this.#unsent.delete(command);
  }

  /** The broker has it. */
  sent(sensor: number, id: string): void {
    const command = this.#find(sensor, id);
    if (command?.state === 'queued') this.#move(sensor, command, { ...command, state: 'sent' });
  }

  /** It could not be handed over. Unless it is the newest it is never sent again. */
  lost(sensor: number, id: string): void {
    const command = this.#find(sensor, id);
    if (command?.state !== 'queued') return;
    if (command === this.#recent.get(sensor)?.[0]) this.#unsent.add(command);
    else this.#move(sensor, command, { ...command, state: 'expired' });
  }

  /** The end that the sensor's newest command has told is over, and nobody has said that the device knew of it. */
  expire({ id, command }: Twin): void {
    if (command === null || !isUnheard(command)) return;
    const end = earliestEnd(command.agents);
    if (end === null || this.#ports.clock.now() < end + GRACE_MS) return;
    this.#move(id, command, { ...command, state: 'expired' });
  }

  /** Another command takes its place. */
  #supersede(twin: Twin): void {
    this.expire(twin);
    const { command } = twin;
    if (command?.state !== 'queued' || !this.#unsent.has(command)) return;
    this.#move(twin.id, command, { ...command, state: 'expired' });
  }

  /** Throws where the report is about no command of late. */
  report(twin: Twin, report: DeviceReport): void {
    const command = this.#find(twin.id, report.id ?? '');
    if (command === undefined) throw fieldError('id', 'names no command of late');
    this.#move(twin.id, command, progressOf(command, report, this.#ports.clock.now()));
  }

  #keep(sensor: number, commands: SensorCommand[]): void {
    this.#recent.set(sensor, commands.slice(0, MOST_RECENT));
  }

  #find(sensor: number, id: string): SensorCommand | undefined {
    return this.#recent.get(sensor)?.find((command) => command.id === id);
  }

  /** Said twice is written once: a device may repeat itself as often as it likes. */
  #move(sensor: number, command: SensorCommand, { state, observed, reason }: Progress): void {
    const before = JSON.stringify([command.state, command.observed, command.reason]);
    if (before === JSON.stringify([state, observed, reason])) return;
    Object.assign(command, { state, observed, reason, stateAt: this.#ports.clock.now() });
    this.#save(sensor, command);
  }

  #save(sensor: number, command: SensorCommand): void {
    const { store, wires } = this.#ports;
    // A copy: a record must not change once it is written, and leases are renewed.
    const agents = command.agents.map((agent) => ({ ...agent }));
    store.write({ type: 'commandSaved', sensor, command: { ...command, agents } });
    const { id, epoch, state, stateAt: at, observed, reason } = command;
    wires.event({ kind: 'envelope', sensor, id, epoch, state, at, agents, observed, reason });
  }
}
