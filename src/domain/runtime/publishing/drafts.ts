import type { AgentCommand, SensorCommand } from '../../command/sensor-command.ts';
import type { AgentTwin, Twin } from '../../sensor/twin.ts';
import type { CommandBook } from './command-book.ts';

/** What a job is about to have on, in the words of its first step. */
export interface FirstValue {
  readonly domain: string;
  readonly job: string;
  readonly value: number;
  readonly until: number | null;
}

/** A command that asks more of a device than it was told last: it has to be on disk before it is told. */
export interface Draft {
  readonly command: SensorCommand;
  /** It may be told. */
  isStored: boolean;
  /** The job that it is for, as long as that has not set its value yet. */
  readonly first: FirstValue | null;
}

/** A job begins a moment after it was decided. */
const SAME_END_MS = 1_000;

/** The commands that are being stored: one a sensor, from its decision until it is told. */
export class Drafts {
  readonly #book: CommandBook;
  readonly #bySensor = new Map<number, Draft>();

  constructor(book: CommandBook) {
    this.#book = book;
  }

  get sensors(): number[] {
    return [...this.#bySensor.keys()];
  }

  of(sensor: number): Draft | undefined {
    return this.#bySensor.get(sensor);
  }

  /** The draft that says this; a new one, to be stored, where there is none. */
  enter(sensor: number, wanted: AgentCommand[], first: FirstValue | null): Draft {
    const present = this.#bySensor.get(sensor);
    if (present !== undefined && saysSame(present, wanted)) return present;
    this.drop(sensor);
    const draft = { command: this.#book.draft(sensor, wanted), isStored: false, first };
    this.#bySensor.set(sensor, draft);
    return draft;
  }

  /** The command that is on disk and says this; null: there is none. */
  stored(sensor: number, wanted: readonly AgentCommand[]): SensorCommand | null {
    const draft = this.#bySensor.get(sensor);
    return draft?.isStored && saysSame(draft, wanted) ? draft.command : null;
  }

  /** The same, which is told now: from here on it is no draft. */
  take(sensor: number, wanted: readonly AgentCommand[]): SensorCommand | null {
    const command = this.stored(sensor, wanted);
    if (command !== null) this.#bySensor.delete(sensor);
    return command;
  }

  /** Nothing more is asked of the sensor at present: only what a job is about to set is still of use. */
  clear({ id, agents }: Twin): void {
    const draft = this.#bySensor.get(id);
    if (draft === undefined) return;
    const { first } = draft;
    const isToCome = ({ domain, job }: AgentTwin) => domain === first?.domain && job?.id === first.job;
    if (first === null || !agents.some(isToCome)) this.drop(id);
  }

  /** Something is asked of the sensor that may not be told now: a draft of something else does not count as stored later. */
  keepOnly(sensor: number, wanted: readonly AgentCommand[]): void {
    const draft = this.#bySensor.get(sensor);
    if (draft !== undefined && !saysSame(draft, wanted)) this.drop(sensor);
  }

  drop(sensor: number): void {
    const draft = this.#bySensor.get(sensor);
    if (draft === undefined) return;
    this.#bySensor.delete(sensor);
    this.#book.discard(sensor, draft.command);
  }
}

function saysSame({ command: { agents } }: Draft, wanted: readonly AgentCommand[]): boolean {
  return (
    agents.length === wanted.length &&
    agents.every((one, place) => isSame(one, wanted[place] as AgentCommand))
  );
}

function isSame(a: AgentCommand, b: AgentCommand): boolean {
  const isOfOne = a.domain === b.domain && a.value === b.value && a.neutral === b.neutral;
  if (!isOfOne || a.isLeased !== b.isLeased) return false;
  return a.isLeased || Math.abs((a.until ?? 0) - (b.until ?? 0)) < SAME_END_MS;
}
