import type { Change } from '../../domain/store.ts';

/** The changes that wait for their commit, in the order of their writing, with what is superseded left out. */
export class ChangeQueue {
  readonly #entries: (Change | undefined)[] = [];
  /** Where the newest change of a record stands, counted over the queue's whole life. */
  readonly #newest = new Map<string, number>();
  readonly #removedSensors = new Set<number>();
  /** How many changes stood before the first one that is kept now. */
  #gone = 0;

  get size(): number {
    return this.#entries.length;
  }

  add(change: Change): void {
    if (change.type === 'sensorRemoved') this.#removedSensors.add(change.sensor);
    else if (change.type === 'sensorAdded') this.#removedSensors.delete(change.sensor.id);
    else if (this.#isTooLate(change)) return;
    this.#supersede(change);
    this.#entries.push(change);
  }

  /** The first `count` places of the queue, which stay in it until they are taken off by `drop`. */
  peek(count: number): Change[] {
    return this.#entries.slice(0, count).filter((change) => change !== undefined);
  }

  drop(count: number): void {
    for (const change of this.#entries.splice(0, count)) {
      const record = change && recordOf(change);
      if (record !== undefined && this.#newest.get(record) === this.#gone) this.#newest.delete(record);
      this.#gone += 1;
    }
  }

  /**
   * A record that is saved again need not be saved before. It leaves its old place instead of being replaced
   * there, so that a removal in between still comes first.
   */
  #supersede(change: Change): void {
    const record = recordOf(change);
    if (record === undefined) return;
    const older = this.#newest.get(record);
    if (older !== undefined) this.#entries[older - this.#gone] = undefined;
    this.#newest.set(record, this.#gone + this.#entries.length);
  }

  /** A removed sensor's id is never given out again, so what still arrives for it would stay for ever. */
  #isTooLate(change: Change): boolean {
    if (this.#removedSensors.size === 0) return false;
    const sensor = sensorOf(change);
    return sensor !== undefined && this.#removedSensors.has(sensor);
  }
}

function recordOf(change: Change): string | undefined {
  switch (change.type) {
    case 'agentSaved':
      return `agent ${change.agent.sensor}/${change.agent.domain}`;
    case 'rowSaved':
      return `row ${change.sensor}/${change.row.timestamp}`;
    case 'jobSaved':
      return `job ${change.job.id}`;
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
