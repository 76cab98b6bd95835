import type { Change } from '../../domain/change.ts';
import { KEPT_COMMANDS } from '../../domain/command/sensor-command.ts';
import { QueueBound } from './queue-bound.ts';

/** The first changes that are queued; `until` marks where they end, for `drop`, and `end` where all do. */
export interface Peek {
  readonly changes: readonly Change[];
  readonly until: number;
  readonly end: number;
}

/** The changes that wait for their commit, in the order of their writing, with what is superseded left out. */
export class ChangeQueue {
  /** By place: changes are numbered in the order of their writing. */
  #entries = new Map<number, Change>();
  /** The place of a record's newest change. */
  #newest = new Map<string, number>();
  readonly #removedSensors = new Set<number>();
  #next = 0;
  #bound: QueueBound | null = null;

  get size(): number {
    return this.#entries.size;
  }

  add(change: Change): void {
    if (change.type === 'sensorRemoved') this.#removedSensors.add(change.sensor);
    else if (change.type === 'sensorAdded') this.#removedSensors.delete(change.sensor.id);
    else if (this.#isTooLate(change)) return;
    const record = recordOf(change);
    const isKnown = record !== undefined && this.#supersede(record);
    if (!isKnown && this.#bound?.refuses(change) === true) return;
    if (record !== undefined) this.#newest.set(record, this.#next);
    this.#entries.set(this.#next, change);
    this.#bound?.entered(this.#next, change);
    this.#next += 1;
    this.#makeRoom();
  }

  /** What is queued now, at most so many changes; it stays in the queue until it is taken off by `drop`. */
  peek(most = Number.POSITIVE_INFINITY): Peek {
    const end = this.#next;
    if (this.#entries.size <= most) return { changes: [...this.#entries.values()], until: end, end };
    const changes: Change[] = [];
    for (const [place, change] of this.#entries) {
      if (changes.length === most) return { changes, until: place, end };
      changes.push(change);
    }
    return { changes, until: end, end };
  }

  drop(until: number): void {
    const written: number[] = [];
    for (const place of this.#entries.keys()) {
      if (place >= until) break;
      written.push(place);
    }
    // A part of a queue that has grown long.
    if (written.length < this.#entries.size / 2) {
      for (const place of written) this.#leave(place);
      return;
    }
    const [entries, newest] = [this.#entries, this.#newest];
    // Others, not the same ones emptied: see TransientMap.
    this.#entries = new Map();
    this.#newest = new Map();
    // The usual case: all that was queued is written.
    if (until === this.#next && this.#bound === null) return;
    for (const [place, change] of entries) {
      if (place >= until) this.#entries.set(place, change);
      else this.#bound?.left(place);
    }
    for (const [record, place] of newest) if (place >= until) this.#newest.set(record, place);
  }

  /** From now on the queue holds about `most` changes, see QueueBound. */
  limit(most: number): void {
    if (this.#bound !== null) return;
    this.#bound = new QueueBound(most);
    for (const [place, change] of this.#entries) this.#bound.entered(place, change);
    this.#makeRoom();
  }

  /** Takes the bound off; returns how many changes it has cost. */
  unlimit(): number {
    const lost = this.#bound?.lost ?? 0;
    this.#bound = null;
    return lost;
  }

  /** Whether nothing more may be acknowledged. */
  get isFull(): boolean {
    return this.#bound?.isFull ?? false;
  }

  /**
   * A record that is saved again need not be saved before. It leaves its old place instead of being replaced
   * there, so that a removal in between still comes first.
   */
  #supersede(record: string): boolean {
    const older = this.#newest.get(record);
    if (older === undefined) return false;
    this.#leave(older);
    return true;
  }

  #makeRoom(): void {
    for (let place = this.#bound?.excess(); place !== undefined; place = this.#bound?.excess()) {
      this.#leave(place);
    }
  }

  #leave(place: number): void {
    const change = this.#entries.get(place);
    if (change === undefined) return;
    this.#entries.delete(place);
    this.#bound?.left(place);
    const record = recordOf(change);
    if (record !== undefined && this.#newest.get(record) === place) this.#newest.delete(record);
  }

  /** A removed sensor's id is never given out again, so what still arrives for it would stay for ever. */
  #isTooLate(change: Change): boolean {
    if (this.#removedSensors.size === 0) return false;
    const sensor = sensorOf(change);
    return sensor !== undefined && this.#removedSensors.has(sensor);
  }
}

/** No two queued changes save the same record: so one statement can save many. */
function recordOf(change: Change): string | undefined {
  switch (change.type) {
    case 'agentSaved':
      return `agent ${change.agent.sensor}/${change.agent.domain}`;
    case 'rowSaved':
      return `row ${change.sensor}/${change.row.timestamp}`;
    case 'logAdded':
      return `line ${change.line.sensor}/${change.line.slot}`;
    case 'jobSaved':
      return `job ${change.job.id}`;
    case 'commandSaved':
      return `command ${change.sensor}/${change.command.ordinal % KEPT_COMMANDS}`;
    case 'clearOwed':
      return `clear ${change.sensor}`;
    default:
      return undefined;
  }
}

function sensorOf(change: Change): number | undefined {
  switch (change.type) {
    case 'agentSaved':
      return change.agent.sensor;
    case 'agentRemoved':
    case 'rowSaved':
    case 'readingAdded':
    case 'commandSaved':
    case 'keyChanged':
    case 'sensorChanged':
      return change.sensor;
    case 'logAdded':
      return change.line.sensor;
    case 'commandAdded':
      return change.command.sensor;
    case 'decisionAdded':
      return change.decision.sensor;
    case 'jobSaved':
      return change.job.sensor;
    default:
      return undefined;
  }
}
