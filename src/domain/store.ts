import type { Because, Cut } from './agent/agent-contract.ts';
import type { AnySettings } from './agent/settings-controls.ts';
import type { Change } from './change.ts';
import type { SensorCommand } from './command/sensor-command.ts';
import type { DayUseRecord } from './job/day-use.ts';
import type { EndedPart, EndedPlace } from './job/ended-jobs.ts';
import type { JobRecord, OpenJob } from './job/job.ts';
import type { OwnLimits } from './job/limits.ts';
import type { Json } from './json.ts';
import type { Slice } from './paging.ts';
import type { Offsets } from './reading/calibration.ts';
import type { Reading } from './reading/reading.ts';
import type { DataRow } from './reading/row.ts';

export interface SensorRecord {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  /** What is added to its readings as they arrive. */
  readonly offsets?: Offsets;
  /** ms UTC, as every time in the store */
  readonly createdAt: number;
}

/** An agent that fails is not asked any more until a person says so; times are ms UTC. */
export interface Lockout {
  readonly at: number;
  readonly failures: number;
  readonly reason: string;
}

/** A value that is held, since when; a person's is not held to the budget. */
export interface Hold {
  readonly since: number;
  readonly isForced: boolean;
}

/** What guards an agent from outside its code. */
export interface GuardRecord {
  readonly limits?: OwnLimits;
  readonly lockout?: Lockout;
  readonly hold?: Hold;
  /** How long values were held of late; of jobs their rows tell. */
  readonly held?: DayUseRecord;
  /** No job is wanted: one that a crash has left open is to end, lest a crash takes a person's OFF back. */
  readonly isIdle?: boolean;
}

export interface AgentRecord {
  readonly sensor: number;
  readonly domain: string;
  readonly agentName: string;
  /** The version of the agent type that wrote `state`. */
  readonly version: string;
  readonly state: Json;
  readonly settings: AnySettings;
  /** The value held while no job runs. */
  readonly value: number;
  readonly wakeAt: number | null;
  readonly guard?: GuardRecord;
}

/** A line of a sensor's log ring: `sequence` counts from 0, `slot` is its place in the ring. */
export interface LogLine {
  readonly sensor: number;
  readonly slot: number;
  readonly sequence: number;
  readonly at: number;
  readonly text: string;
}

export interface CommandRecord {
  readonly sensor: number;
  readonly domain: string;
  readonly value: number;
  readonly at: number;
}

/** Why an agent did, or did not do, something. */
export interface DecisionRecord {
  readonly sensor: number;
  readonly domain: string;
  readonly at: number;
  readonly event: string;
  readonly because: Because;
  readonly agentName: string;
  readonly version: string;
  readonly value: number;
  readonly job: string | null;
  /** What a hard limit has taken from it. */
  readonly cut?: Cut;
}

/** What a garden knows beside its sensors. */
export interface GardenRecord {
  /** Random, made with the database: names this garden to brokers. */
  readonly gardenId: string;
  /** The highest sensor id ever given out; ids are never used again. */
  readonly lastSensorId: number;
  /** Higher with every start of the garden and every switch of its broker; 0 before the first start. */
  readonly epoch: number;
  readonly owedClears: readonly { readonly sensor: number; readonly key: string }[];
  /** Keys that were changed: what brokers retain under them is to be deleted after `until`, ms UTC. */
  readonly formerKeys: readonly { readonly sensor: number; readonly key: string; readonly until: number }[];
}

/** Some sensors, by their ids, with what a runtime needs to rebuild their twins. */
export interface SensorsRecord {
  readonly sensors: readonly SensorRecord[];
  readonly agents: readonly AgentRecord[];
  /** The newest 30-minute row of every one that has one. */
  readonly newestRows: ReadonlyMap<number, DataRow>;
  /** The newest command of every one that has had one. */
  readonly newestCommands: ReadonlyMap<number, SensorCommand>;
  /** The sequence of the newest log line of every one that has one. */
  readonly logSequences: ReadonlyMap<number, number>;
}

/** Half open: `from <= at < until`, ms UTC. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** How many rows or commands one answer holds at most, so that no range fills the memory. */
export const MOST_IN_RANGE = 10_000;

/** What has been kept for long enough: what is of an earlier time (ms UTC) is deleted; null: nothing is. */
export interface PrunePolicy {
  readonly readingsBefore: number | null;
  /** The time is that of the job's end: a job that has not ended is never deleted. */
  readonly jobsBefore: number | null;
  /** The 30-minute rows. */
  readonly rowsBefore: number | null;
  /** Commands and decisions. */
  readonly historyBefore: number | null;
  /** How many rows are deleted at most, so that nothing has to wait long. */
  readonly most: number;
}

/** A pool of connections. */
export interface ConnectionsStanding {
  readonly pool: 'writer' | 'readers';
  readonly open: number;
  /** Of these, how many do nothing. */
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
}

/**
 * The one place where a garden is kept. Writes are queued at once and committed in groups; reads see every
 * change written before them, and reject with RIPE_STORE_STALLED while a commit hangs. Implementations pass the same contract suite (test/contract).
 */
export interface Store {
  open(): Promise<void>;
  /** Commits what is queued, then closes. */
  close(): Promise<void>;

  /** Queues a change; it is committed within one tick (50 ms unless set otherwise). */
  write(change: Change): void;
  /**
   * Commits everything written so far, at once and durably; resolves when it is on disk, and rejects with
   * RIPE_STORE_FAILED when it could not be written (the changes stay queued and are tried again). While a database
   * on another machine is away, it resolves when the change is queued, and rejects when the queue is full.
   */
  commit(): Promise<void>;
  /** As `commit`, but queued is not enough: rejects while a database is away. */
  commitToDisk(): Promise<void>;

  /** How many changes wait for their commit; undefined: it does not tell. */
  readonly queued?: number;
  /** For how long no commit has come through, though one was tried, ms; 0: none is pending. undefined: it does not tell. */
  readonly pendingMs?: number;
  /** How the connections to a database on another machine stand; undefined: there are none. */
  readonly connections?: readonly ConnectionsStanding[];

  load(): Promise<GardenRecord>;
  /** The first `most` sensors whose id is higher than `after`, by their ids. */
  sensors(after: number, most: number): Promise<SensorRecord[]>;
  /** As `sensors`, with everything that their twins are rebuilt from. */
  loadSensors(after: number, most: number): Promise<SensorsRecord>;
  /** Jobs that have not ended, oldest first; also while the disk takes nothing. */
  openJobs(): Promise<OpenJob[]>;
  /** Those of one sensor, oldest first. */
  openJobsOf(sensor: number): Promise<JobRecord[]>;
  /** Jobs of a sensor that ended within the range, newest first. */
  endedJobsOf(sensor: number, slice: Slice): Promise<JobRecord[]>;
  job(id: string): Promise<JobRecord | null>;
  /**
   * Jobs of sensors that have run and ended at or after that moment (ms UTC), in the order in which they ended: about `most`
   * of them, from the beginning (null) or from where an earlier part has ended.
   */
  endedJobs(since: number, after: EndedPlace | null, most: number): Promise<EndedPart>;
  /** Oldest first, at most `most` (MOST_IN_RANGE): who gets so many asks again from the time of the last one. */
  rows(sensor: number, range: TimeRange, most?: number): Promise<DataRow[]>;
  firstRow(sensor: number): Promise<DataRow | null>;
  /** The newest `most` lines, oldest first. */
  log(sensor: number, most: number): Promise<LogLine[]>;
  /** As `rows`. */
  commands(sensor: number, range: TimeRange, most?: number): Promise<CommandRecord[]>;
  /** Raw readings, oldest first; those of one moment in the order in which they came. */
  readings(sensor: number, slice: Slice): Promise<Reading[]>;
  /** Newest first. */
  decisions(sensor: number, slice: Slice): Promise<DecisionRecord[]>;
  /** The newest `most` commands and what became of them, newest first. */
  sensorCommands(sensor: number, most: number): Promise<SensorCommand[]>;
  /** Deletes some of what is old; answers how many rows that were. Fewer than `most`: nothing old is left. */
  prune(policy: PrunePolicy): Promise<number>;
  /** Deletes some of the history of a sensor that is to be removed; answers how many rows that were, as `prune`. */
  erase(sensor: number, most: number): Promise<number>;
  /** Resolves when the database answers; rejects also while a commit hangs. */
  ping(): Promise<void>;
}
