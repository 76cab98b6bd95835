import type { Change } from '../../src/domain/change.ts';
import { KEPT_COMMANDS, type SensorCommand } from '../../src/domain/command/sensor-command.ts';
import type { JobRecord } from '../../src/domain/job/job.ts';
import type { Reading } from '../../src/domain/reading/reading.ts';
import type { DataRow } from '../../src/domain/reading/row.ts';
import type {
  AgentRecord,
  CommandRecord,
  DecisionRecord,
  GardenRecord,
  LogLine,
  PrunePolicy,
  SensorRecord,
  SensorsRecord,
} from '../../src/domain/store.ts';

/** What has been committed. */
export class MemoryDisk {
  readonly gardenId = crypto.randomUUID();
  lastSensorId = 0;
  epoch = 0;
  sensors: SensorRecord[] = [];
  agents: AgentRecord[] = [];
  rows: { sensor: number; row: DataRow }[] = [];
  lines: LogLine[] = [];
  commands: CommandRecord[] = [];
  decisions: DecisionRecord[] = [];
  readings: { sensor: number; at: number; reading: Reading }[] = [];
  jobs: JobRecord[] = [];
  sensorCommands: { sensor: number; command: SensorCommand }[] = [];
  owedClears: { sensor: number; key: string }[] = [];
  formerKeys: { sensor: number; key: string; until: number }[] = [];

  copy(): MemoryDisk {
    return Object.assign(new MemoryDisk(), structuredClone({ ...this }));
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'sensorAdded':
        this.sensors = [...this.sensors, change.sensor];
        this.lastSensorId = Math.max(this.lastSensorId, change.sensor.id);
        break;
      case 'sensorChanged': {
        const { sensor, name, offsets } = change;
        const calibration = Object.keys(offsets).length === 0 ? {} : { offsets };
        this.sensors = this.sensors.map((each) => {
          const { offsets: _former, ...rest } = each;
          return each.id === sensor ? { ...rest, name, ...calibration } : each;
        });
        break;
      }
      case 'sensorRemoved':
        this.#remove(change.sensor);
        break;
      case 'keyChanged':
        this.#changeKey(change);
        break;
      case 'formerKeyGone':
        this.formerKeys = this.formerKeys.filter(
          ({ sensor, key }) => sensor !== change.sensor || key !== change.key,
        );
        break;
      case 'agentRemoved':
        this.agents = this.agents.filter((each) => !isAgent(each, change));
        break;
      case 'clearOwed':
        this.#settle(change.sensor);
        this.owedClears.push({ sensor: change.sensor, key: change.key });
        break;
      case 'clearDone':
        this.#settle(change.sensor);
        break;
      case 'epochRaised':
        this.epoch = Math.max(this.epoch, change.epoch);
        break;
      default:
        this.#add(change);
    }
  }

  load(): GardenRecord {
    const { gardenId, lastSensorId, epoch, owedClears, formerKeys } = this;
    return structuredClone({ gardenId, lastSensorId, epoch, owedClears, formerKeys });
  }

  loadSensors(after: number, most: number): SensorsRecord {
    const later = this.sensors.filter(({ id }) => id > after).sort((a, b) => a.id - b.id);
    const sensors = later.slice(0, most);
    const ids = new Set(sensors.map(({ id }) => id));
    const newestRows = new Map<number, DataRow>();
    for (const { sensor, row } of this.rows) {
      if (ids.has(sensor) && row.timestamp >= (newestRows.get(sensor)?.timestamp ?? 0))
        newestRows.set(sensor, row);
    }
    const logSequences = new Map<number, number>();
    for (const { sensor, sequence } of this.lines)
      if (ids.has(sensor)) logSequences.set(sensor, Math.max(sequence, logSequences.get(sensor) ?? 0));
    const newestCommands = new Map<number, SensorCommand>();
    for (const { sensor, command } of this.sensorCommands) {
      if (ids.has(sensor) && command.ordinal >= (newestCommands.get(sensor)?.ordinal ?? 0))
        newestCommands.set(sensor, command);
    }
    const agents = this.agents.filter(({ sensor }) => ids.has(sensor));
    const loaded = structuredClone({ sensors, agents, newestRows, newestCommands, logSequences });
    // Real stores hand one object to all agents that have the same.
    for (const { state, settings, guard } of loaded.agents) freeze([state, settings, guard]);
    return loaded;
  }

  /** What belongs to a sensor that has been removed goes nowhere. */
  #add(
    change: Exclude<
      Change,
      {
        type:
          | `sensor${string}`
          | `clear${string}`
          | 'keyChanged'
          | 'formerKeyGone'
          | 'agentRemoved'
          | 'epochRaised';
      }
    >,
  ): void {
    switch (change.type) {
      case 'agentSaved':
        if (this.#isGone(change.agent.sensor)) return;
        this.agents = [...this.agents.filter((each) => !isAgent(each, change.agent)), change.agent];
        break;
      case 'rowSaved':
        if (this.#isGone(change.sensor)) return;
        this.rows = this.rows.filter(
          ({ sensor, row }) => sensor !== change.sensor || row.timestamp !== change.row.timestamp,
        );
        this.rows.push({ sensor: change.sensor, row: change.row });
        break;
      case 'logAdded':
        if (this.#isGone(change.line.sensor)) return;
        this.lines = this.lines.filter(
          ({ sensor, slot }) => sensor !== change.line.sensor || slot !== change.line.slot,
        );
        this.lines.push(change.line);
        break;
      case 'commandAdded':
        if (!this.#isGone(change.command.sensor)) this.commands.push(change.command);
        break;
      case 'decisionAdded':
        if (!this.#isGone(change.decision.sensor)) this.decisions.push(change.decision);
        break;
      case 'jobSaved':
        if (this.#isGone(change.job.sensor)) return;
        this.jobs = [...this.jobs.filter(({ id }) => id !== change.job.id), change.job];
        break;
      case 'commandSaved':
        if (this.#isGone(change.sensor)) return;
        this.sensorCommands = this.sensorCommands.filter(
          ({ sensor, command }) =>
            sensor !== change.sensor || (command.ordinal - change.command.ordinal) % KEPT_COMMANDS !== 0,
        );
        this.sensorCommands.push({ sensor: change.sensor, command: change.command });
        break;
      case 'readingAdded':
        if (this.#isGone(change.sensor)) return;
        this.readings.push({ sensor: change.sensor, at: change.reading.timestamp, reading: change.reading });
        break;
    }
  }

  prune({ readingsBefore, jobsBefore, rowsBefore, historyBefore, most }: PrunePolicy): number {
    let count = 0;
    const isOld = (at: number, before: number | null) => {
      if (before === null || at >= before || count >= most) return false;
      count += 1;
      return true;
    };
    this.jobs = this.jobs.filter((job) => job.status !== 'ended' || !isOld(job.endedAt ?? 0, jobsBefore));
    this.readings = this.readings.filter(({ at }) => !isOld(at, readingsBefore));
    this.rows = this.rows.filter(({ row }) => !isOld(row.timestamp, rowsBefore));
    this.commands = this.commands.filter(({ at }) => !isOld(at, historyBefore));
    this.decisions = this.decisions.filter(({ at }) => !isOld(at, historyBefore));
    return count;
  }

  erase(sensor: number, most: number): number {
    let count = 0;
    const isOurs = (each: { sensor: number }) => {
      if (each.sensor !== sensor || count >= most) return false;
      count += 1;
      return true;
    };
    this.readings = this.readings.filter((each) => !isOurs(each));
    this.rows = this.rows.filter((each) => !isOurs(each));
    this.commands = this.commands.filter((each) => !isOurs(each));
    this.decisions = this.decisions.filter((each) => !isOurs(each));
    return count;
  }

  #remove(id: number): void {
    const isOther = (each: { sensor?: number }) => each.sensor !== id;
    this.sensors = this.sensors.filter((each) => each.id !== id);
    this.agents = this.agents.filter(isOther);
    this.rows = this.rows.filter(isOther);
    this.readings = this.readings.filter(isOther);
    this.lines = this.lines.filter(isOther);
    this.commands = this.commands.filter(isOther);
    this.decisions = this.decisions.filter(isOther);
    this.jobs = this.jobs.filter(isOther);
    this.sensorCommands = this.sensorCommands.filter(isOther);
  }

  #changeKey({ sensor, key, at, former, until }: Extract<Change, { type: 'keyChanged' }>): void {
    this.sensors = this.sensors.map((each) => (each.id === sensor ? { ...each, key } : each));
    const earlier = this.formerKeys.filter((each) => each.sensor !== sensor || each.key !== former);
    this.formerKeys = earlier.map((each) => (each.sensor === sensor ? { ...each, until: at } : each));
    this.formerKeys.push({ sensor, key: former, until });
  }

  #settle(sensor: number): void {
    this.owedClears = this.owedClears.filter((each) => each.sensor !== sensor);
  }

  #isKnown(sensor: number): boolean {
    return this.sensors.some(({ id }) => id === sensor);
  }

  #isGone(sensor: number | undefined): boolean {
    return sensor !== undefined && sensor <= this.lastSensorId && !this.#isKnown(sensor);
  }
}

function isAgent(
  each: { sensor: number; domain: string },
  other: { sensor: number; domain: string },
): boolean {
  return each.sensor === other.sensor && each.domain === other.domain;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}
