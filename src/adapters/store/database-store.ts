import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '../../domain/change.ts';
import { RipeError } from '../../domain/errors.ts';
import { type EndedPlace, placeAfter } from '../../domain/job/ended-jobs.ts';
import type { Slice } from '../../domain/paging.ts';
import type { ConnectionsStanding, PrunePolicy, Store, TimeRange } from '../../domain/store.ts';
import type { GardenQueries } from './garden-queries.ts';
import type { GroupCommit } from './group-commit.ts';
import { Turns } from './turns.ts';
import { endedWithUnwritten, openWithUnwritten, SEEN_AT_START } from './unwritten.ts';

/** A garden's database while it is open. */
export interface OpenDatabase {
  readonly commits: GroupCommit;
  readonly queries: GardenQueries;
  connections?(): readonly ConnectionsStanding[];
  close(): void | Promise<void>;
}

/** What the databases do differently. */
export interface Database {
  /** Opens it, or makes it; throws a RipeError that says what to do. */
  open(): Promise<OpenDatabase>;
  /** Lets an `open` that still waits for the database fail. */
  giveUp?(): void;
  /** What a read that failed tells its caller. */
  unreadable(error: unknown): RipeError;
}

/** A store is a queue of changes in front of a database, and reads that see what was queued before them. */
export class DatabaseStore implements Store {
  readonly #database: Database;
  readonly #turns = new Turns();
  #opening: Promise<OpenDatabase> | undefined;
  #open: OpenDatabase | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async open(): Promise<void> {
    this.#opening ??= this.#database.open();
    try {
      this.#open = await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#database.giveUp?.();
    await this.#opening?.catch(() => undefined);
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#opening = undefined;
    try {
      await open.commits.stop();
    } finally {
      await open.close();
    }
  }

  get queued(): number {
    return this.#open?.commits.queued ?? 0;
  }

  get pendingMs(): number {
    return this.#open?.commits.pendingMs ?? 0;
  }

  get connections(): readonly ConnectionsStanding[] {
    return this.#open?.connections?.() ?? [];
  }

  write(change: Change): void {
    this.#opened().commits.write(change);
  }

  async commit(): Promise<void> {
    await this.#opened().commits.commit();
  }

  async commitToDisk(): Promise<void> {
    const { commits } = this.#opened();
    await commits.commit();
    // While the database is away this fails; when it is just back, what was only queued is written now.
    await commits.flush();
  }

  load() {
    return this.#readAtStart(SEEN_AT_START.garden, (queries) => queries.load());
  }

  sensors(after: number, most: number) {
    return this.#readAtStart(SEEN_AT_START.garden, (queries) => queries.sensors(after, most));
  }

  loadSensors(after: number, most: number) {
    // Part by part: what is written meanwhile is of those that were loaded before.
    const seen = after === 0 ? SEEN_AT_START.sensors : SEEN_AT_START.furtherSensors;
    return this.#readAtStart(seen, (queries) => queries.loadSensors(after, most));
  }

  async openJobs() {
    return this.#readAtStart(SEEN_AT_START.jobs, async (queries, unwritten) => {
      return openWithUnwritten(await queries.openJobs(), unwritten);
    });
  }

  openJobsOf(sensor: number) {
    return this.#read((queries) => queries.openJobsOf(sensor));
  }

  endedJobsOf(sensor: number, slice: Slice) {
    return this.#readOf(sensor, (queries) => queries.endedJobsOf(sensor, slice));
  }

  job(id: string) {
    return this.#read((queries) => queries.job(id));
  }

  async endedJobs(since: number, after: EndedPlace | null, most: number) {
    // There may be very many: what else is to be done comes in between.
    if (after !== null) await nextTurn();
    return this.#readAtStart(SEEN_AT_START.jobs, async (queries, unwritten) => {
      const onDisk = await queries.endedJobs(since, after, most);
      const jobs = endedWithUnwritten(onDisk, unwritten, { since, isFirst: after === null });
      return { jobs, next: placeAfter(onDisk, most) };
    });
  }

  rows(sensor: number, range: TimeRange, most?: number) {
    return this.#readOf(sensor, (queries) => queries.rows(sensor, range, most));
  }

  firstRow(sensor: number) {
    return this.#read((queries) => queries.firstRow(sensor));
  }

  log(sensor: number, most: number) {
    return this.#readOf(sensor, (queries) => queries.log(sensor, most));
  }

  commands(sensor: number, range: TimeRange, most?: number) {
    return this.#readOf(sensor, (queries) => queries.commands(sensor, range, most));
  }

  readings(sensor: number, slice: Slice) {
    return this.#readOf(sensor, (queries) => queries.readings(sensor, slice));
  }

  decisions(sensor: number, slice: Slice) {
    return this.#readOf(sensor, (queries) => queries.decisions(sensor, slice));
  }

  sensorCommands(sensor: number, most: number) {
    return this.#read((queries) => queries.sensorCommands(sensor, most));
  }

  erase(sensor: number, most: number) {
    return this.#read((queries) => queries.erase(sensor, most));
  }

  prune(policy: PrunePolicy) {
    return this.#read((queries) => queries.prune(policy));
  }

  async ping(): Promise<void> {
    const { commits, queries } = this.#opened();
    const { stalled } = commits;
    if (stalled !== null) throw stalled;
    await queries.ping().catch((error: unknown) => this.#fail(error));
  }

  async #read<Result>(query: (queries: GardenQueries) => Promise<Result>): Promise<Result> {
    const { commits, queries } = this.#opened();
    await commits.flush();
    return query(queries).catch((error: unknown) => this.#fail(error));
  }

  /** What may be much: in its turn. */
  #readOf<Result>(sensor: number, query: (queries: GardenQueries) => Promise<Result>): Promise<Result> {
    return this.#read(async (queries) => {
      await this.#turns.take(sensor);
      return query(queries);
    });
  }

  /**
   * As `read`, of what a start needs: on a disk that takes nothing, or hangs, water has to stop as well. It waits only for what
   * it would see, and fails only where that cannot be written, and is not handed in.
   */
  async #readAtStart<Result>(
    seen: ReadonlySet<Change['type']>,
    query: (queries: GardenQueries, unwritten: readonly Change[]) => Promise<Result>,
  ): Promise<Result> {
    const { commits, queries } = this.#opened();
    let { unwritten } = commits;
    if (unwritten.some(({ type }) => seen.has(type) || type === 'jobSaved')) {
      try {
        await commits.flush();
        unwritten = [];
      } catch (error) {
        ({ unwritten } = commits);
        if (unwritten.some(({ type }) => seen.has(type))) throw error;
      }
    }
    return query(queries, unwritten).catch((error: unknown) => this.#fail(error));
  }

  #opened(): OpenDatabase {
    if (this.#open === undefined) {
      throw new RipeError('RIPE_STORE_FAILED', {}, new Error('The store is not open'));
    }
    return this.#open;
  }

  #fail(error: unknown): never {
    throw error instanceof RipeError ? error : this.#database.unreadable(error);
  }
}
