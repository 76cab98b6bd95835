import { setImmediate } from 'node:timers/promises';
import { openWithUnwritten } from '../../src/adapters/store/unwritten.ts';
import type { Change } from '../../src/domain/change.ts';
import { RipeError } from '../../src/domain/errors.ts';
import { type EndedPart, type EndedPlace, placeAfter } from '../../src/domain/job/ended-jobs.ts';
import type { JobRecord, OpenJob } from '../../src/domain/job/job.ts';
import type { Slice } from '../../src/domain/paging.ts';
import { MOST_IN_RANGE, type PrunePolicy, type Store, type TimeRange } from '../../src/domain/store.ts';
import type { Clock, Timetable, TimetableFactory } from '../../src/domain/time/clock.ts';
import { MemoryDisk } from './memory-disk.ts';

const TICK_MS = 50;

/**
 * A store that can fail, hang and crash on demand. What has not been committed is lost by a crash, and committed
 * by itself 50 ms after it was written.
 */
export class MemoryStore implements Store {
  readonly disk: MemoryDisk;
  /** Every commit fails; the changes stay queued. */
  isFailing = false;
  /** For so many turns of the event loop a commit gathers what else is written, as a real one does. */
  gathersFor = 0;
  /** How many commits that somebody awaits have been made. */
  commits = 0;
  #gathering: Promise<void> | undefined;
  #awaited = 0;
  /** How many of these were answered in this turn. */
  #over = 0;
  #queue: Change[] = [];
  /** How many changes were taken off the queue so far. */
  #written = 0;
  /** Commits that hang. */
  #held: (() => void)[] | null = null;
  #isOpen = false;
  readonly #time: Clock | undefined;
  readonly #ticks: Timetable<'tick'> | undefined;

  constructor(disk = new MemoryDisk(), time?: Clock & { readonly timetable: TimetableFactory }) {
    this.disk = disk;
    this.#time = time;
    this.#ticks = time?.timetable<'tick'>(() => this.#tick());
  }

  /** No commit answers, until this is false again: then one after the other writes, or fails with, what was queued when it began. */
  get isHanging(): boolean {
    return this.#held !== null;
  }

  set isHanging(isHanging: boolean) {
    const held = this.#held ?? [];
    this.#held = isHanging ? held : null;
    if (!isHanging) void answerInTurn(held);
  }

  async open(): Promise<void> {
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    if (this.#isOpen) this.#flush();
    this.#isOpen = false;
  }

  write(change: Change): void {
    this.#requireOpen();
    this.#queue.push(structuredClone(change));
    if (this.#queue.length === 1) this.#ticks?.set('tick', (this.#time?.now() ?? 0) + TICK_MS);
  }

  async commit(): Promise<void> {
    this.#requireOpen();
    this.#awaited += 1;
    try {
      if (this.gathersFor === 0) await this.#commitNow();
      else {
        this.#gathering ??= this.#gather();
        await this.#gathering;
      }
    } finally {
      this.#answered();
    }
  }

  /** Whoever waited goes on in this turn: until then what they were to do is still to come. */
  #answered(): void {
    this.#over += 1;
    if (this.#over > 1) return;
    void setImmediate().then(() => {
      this.#awaited -= this.#over;
      this.#over = 0;
    });
  }

  /** A commit is under way, or was so in this turn. */
  get isBusy(): boolean {
    return this.#awaited > 0 && !this.isHanging;
  }

  commitToDisk(): Promise<void> {
    return this.commit();
  }

  /** The process has died: what was queued is lost. Nothing answers any more. */
  crash(): MemoryDisk {
    this.#queue = [];
    this.#isOpen = false;
    return this.disk;
  }

  async load() {
    return this.#seen().load();
  }

  async sensors(after: number, most: number) {
    return this.#seen().loadSensors(after, most).sensors.slice();
  }

  async loadSensors(after: number, most: number) {
    return this.#seen().loadSensors(after, most);
  }

  async openJobs(): Promise<OpenJob[]> {
    if (!this.isFailing && !this.isHanging) this.#flush();
    // Without those of sensors whose removal is still to be written.
    const left = new Set(this.#seen().jobs.map(({ id }) => id));
    return openWithUnwritten(this.disk.copy().jobs, structuredClone(this.#queue)).filter(({ id }) =>
      left.has(id),
    );
  }

  async openJobsOf(sensor: number): Promise<JobRecord[]> {
    return (await this.openJobs()).filter((job) => job.sensor === sensor);
  }

  async endedJobsOf(sensor: number, { range, skip, most }: Slice): Promise<JobRecord[]> {
    const ended = (await this.#asked()).jobs.flatMap((job) =>
      job.sensor === sensor && job.status === 'ended' ? [{ sensor, at: job.endedAt ?? 0, job }] : [],
    );
    const found = inRange(ended, sensor, range).sort((a, b) => b.at - a.at || (a.job.id < b.job.id ? 1 : -1));
    return found.slice(skip, skip + most).map(({ job }) => job);
  }

  async job(id: string): Promise<JobRecord | null> {
    return (await this.#asked()).jobs.find((job) => job.id === id) ?? null;
  }

  async endedJobs(since: number, after: EndedPlace | null, most: number): Promise<EndedPart> {
    const ended = this.#seen()
      .jobs.filter(
        ({ status, startedAt, endedAt, sensor }) =>
          status === 'ended' && startedAt !== null && sensor !== undefined && (endedAt ?? 0) >= since,
      )
      .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || (a.id < b.id ? -1 : 1));
    const first = after === null ? 0 : 1 + ended.findIndex(({ id }) => id === after.id);
    const jobs = ended.slice(first, first + most);
    return { jobs, next: placeAfter(jobs, most) };
  }

  async rows(sensor: number, { from, until }: TimeRange, most = MOST_IN_RANGE) {
    const rows = (await this.#rowsOf(sensor)).filter(
      ({ timestamp }) => timestamp >= from && timestamp < until,
    );
    return rows.slice(0, most);
  }

  async firstRow(sensor: number) {
    return (await this.#rowsOf(sensor))[0] ?? null;
  }

  async log(sensor: number, most: number) {
    const lines = (await this.#asked()).lines.filter((line) => line.sensor === sensor);
    return lines.sort((a, b) => a.sequence - b.sequence).slice(-most);
  }

  async commands(sensor: number, range: TimeRange, most = MOST_IN_RANGE) {
    return inRange((await this.#asked()).commands, sensor, range).slice(0, most);
  }

  async readings(sensor: number, { range, skip, most }: Slice) {
    const found = inRange((await this.#asked()).readings, sensor, range).slice(skip, skip + most);
    return found.map(({ reading }) => reading);
  }

  async decisions(sensor: number, { range, skip, most }: Slice) {
    return inRange((await this.#asked()).decisions, sensor, range)
      .reverse()
      .slice(skip, skip + most);
  }

  async sensorCommands(sensor: number, most: number) {
    const ours = (await this.#asked()).sensorCommands.filter((each) => each.sensor === sensor);
    const commands = ours.map(({ command }) => command);
    return commands.sort((a, b) => b.ordinal - a.ordinal).slice(0, most);
  }

  async erase(sensor: number, most: number): Promise<number> {
    await this.commit();
    return this.disk.erase(sensor, most);
  }

  async prune(policy: PrunePolicy): Promise<number> {
    await this.commit();
    return this.disk.prune(policy);
  }

  async ping(): Promise<void> {
    await this.commit();
  }

  async #gather(): Promise<void> {
    for (let turn = 0; turn < this.gathersFor; turn++) await setImmediate();
    this.#gathering = undefined;
    // The process has died meanwhile.
    if (this.#isOpen) await this.#commitNow();
    else await new Promise(() => undefined);
  }

  async #commitNow(): Promise<void> {
    this.commits += 1;
    const until = this.#written + this.#queue.length;
    await new Promise<void>((resolve) => {
      if (this.#held === null) resolve();
      else this.#held.push(resolve);
    });
    if (!this.#isOpen) await new Promise(() => undefined);
    if (this.isFailing) throw new RipeError('RIPE_STORE_FAILED');
    this.#flush(until);
  }

  async #rowsOf(sensor: number) {
    const rows = (await this.#asked()).rows.filter((each) => each.sensor === sensor);
    return rows.map(({ row }) => row).sort((a, b) => a.timestamp - b.timestamp);
  }

  /** What a client asks for waits for the commit of what was written before, or fails with it. */
  async #asked(): Promise<MemoryDisk> {
    if (this.isFailing) throw new RipeError('RIPE_STORE_FAILED');
    if (this.#held !== null) await new Promise<void>((resolve) => this.#held?.push(resolve));
    return this.#seen();
  }

  /** Reads see what was written before, committed or not. */
  #seen(): MemoryDisk {
    this.#requireOpen();
    const seen = this.disk.copy();
    for (const change of this.#queue) seen.apply(structuredClone(change));
    return seen;
  }

  #tick(): void {
    if (this.isFailing || this.isHanging) this.#ticks?.set('tick', (this.#time?.now() ?? 0) + TICK_MS);
    else this.#flush();
  }

  #flush(until = this.#written + this.#queue.length): void {
    const changes = this.#queue.splice(0, Math.max(0, until - this.#written));
    this.#written += changes.length;
    for (const change of changes) this.disk.apply(change);
    if (this.#queue.length === 0) this.#ticks?.delete('tick');
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new RipeError('RIPE_STORE_FAILED', {}, new Error('The store is not open'));
  }
}

async function answerInTurn(held: readonly (() => void)[]): Promise<void> {
  for (const answer of held) {
    answer();
    await setImmediate();
  }
}

/** In order of time; those of one moment in order of writing. */
function inRange<Row extends { sensor: number; at: number }>(
  rows: readonly Row[],
  sensor: number,
  { from, until }: TimeRange,
): Row[] {
  return rows
    .filter((row) => row.sensor === sensor && row.at >= from && row.at < until)
    .sort((a, b) => a.at - b.at);
}
