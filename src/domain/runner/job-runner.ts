import { type JobEvent, type JobRecord, type JobRequest, type JobStep, restOf } from '../job/job.ts';
import type { Store } from '../store.ts';
import type { Clock, Timetable, TimetableFactory } from '../time/clock.ts';
import { Endings } from './endings.ts';
import { Heartbeat } from './heartbeat.ts';
import { JobNews } from './job-news.ts';
import { Leases } from './leases.ts';
import { OpenJobs } from './open-jobs.ts';
import { RunningJob } from './running-job.ts';
import type { Capacities } from './supplies.ts';
import { endOf, mayBeOn, takenUp } from './taking-up.ts';

export interface RunnerPorts {
  readonly store: Pick<Store, 'write' | 'commit' | 'openJobs'>;
  readonly clock: Clock;
  readonly timetable: TimetableFactory;
  step(step: JobStep): void;
  event(event: JobEvent): void;
  /**
   * True: the job of a sensor closes once somebody reports its last step delivered. False, and for jobs that a flow
   * has started for itself: as soon as that is sent.
   */
  readonly waitsForDelivery: boolean;
  readonly supplies?: Capacities;
}

/** The timetable of all jobs. A job's row is on disk before its first step goes out; how it ends, see Endings. */
export class JobRunner {
  readonly #ports: RunnerPorts;
  readonly #jobs = new OpenJobs();
  readonly #news: JobNews;
  readonly #timetable: Timetable<RunningJob>;
  readonly #heartbeat: Heartbeat;
  readonly #leases: Leases;
  readonly #endings: Endings;
  #isStopped = false;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#news = new JobNews(ports);
    this.#timetable = ports.timetable((job: RunningJob) => this.#due(job));
    const { clock, timetable } = ports;
    const jobs = { running: () => this.#jobs.running(), save: (job: RunningJob) => this.#save(job) };
    this.#heartbeat = new Heartbeat({ clock, timetable, ...jobs });
    this.#leases = new Leases(ports.supplies ?? {});
    this.#endings = new Endings({
      clock,
      jobs: this.#jobs,
      leases: this.#leases,
      timetable: this.#timetable,
      news: this.#news,
      save: (job) => this.#save(job),
      isReported: (job) => this.#isReported(job),
      // One that is being stored takes its turn once it is.
      proceed: (job) => void (job.isBeingStored || this.#due(job)),
    });
  }

  get runningJobs(): number {
    return this.#jobs.runningCount;
  }

  /** Every job that is not over, as its row stands. */
  get openJobs(): JobRecord[] {
    return this.#jobs.all().map(({ record }) => record);
  }

  /** Takes up every job that an earlier run has left open, each by its own rule, before any new work. */
  async start(): Promise<void> {
    const now = this.#ports.clock.now();
    const open = await this.#ports.store.openJobs();
    // A planned one was never begun: whoever planned it asks again, or lets it be.
    const begun = open.filter(({ status, isUnwritten }) => status !== 'planned' && !isUnwritten);
    const jobs = begun.map((record) => takenUp(record, now));
    // First everybody has what may still be on: else one that waited would come between.
    for (const job of jobs) if (mayBeOn(job, now, this.#isReported(job))) this.#leases.keep(job);
    for (const job of jobs) this.#takeUp(job, now);
    for (const { isUnwritten, ...job } of open) if (isUnwritten) this.#beginAnew(job);
  }

  /** Whom the disk keeps waiting begins once its row is there, as with the runner before this one. */
  #beginAnew({ startedAt, ...job }: JobRecord): void {
    const startsAt = startedAt === null ? {} : { startsAt: startedAt };
    // A failure is told as the job's end.
    this.request({ ...job, ...startsAt }).catch(() => undefined);
  }

  /** Rows stay: the next start takes them up. */
  stop(): void {
    this.#isStopped = true;
    this.#heartbeat.stop();
    this.#timetable.stop();
  }

  /** Starts a job in place of its owner's running one. Asked twice under one id, it starts once. */
  async request(request: JobRequest): Promise<void> {
    const known = this.#jobs.get(request.id);
    if (known !== undefined) {
      if (known.isAnnounced) this.#news.tell(known, 'started');
      return;
    }
    const job = RunningJob.begin(request, this.#ports.clock.now());
    // From here on: the place in a queue that it takes over may be the first one of a supply that is free.
    job.isBeingStored = true;
    this.#jobs.add(job);
    const replaced = this.#jobs.of(request.owner);
    this.#jobs.engage(job);
    if (replaced !== undefined) this.#endings.replace(replaced, job);
    // Its row says from the start whether it waits: a crash must not take a job that waits for one that is on.
    const now = this.#ports.clock.now();
    if (job.turnsOn && !this.#leases.take(job)) job.waits(this.#leases.waitOf(job, now), now);
    await this.#begin(job);
  }

  /** Goes on with a job once its row is on disk. */
  async #begin(job: RunningJob): Promise<void> {
    job.isBeingStored = true;
    this.#save(job);
    try {
      await this.#ports.store.commit();
    } catch (error) {
      // It may have been replaced or cancelled meanwhile.
      if (job.record.status === 'running') this.#endings.end(job, 'refused', 'the store did not take it');
      throw error;
    } finally {
      job.isBeingStored = false;
    }
    // Stopped meanwhile it would turn on what it cannot turn off any more.
    if (job.record.status !== 'running' || this.#isStopped) return;
    job.passStall(this.#ports.clock.now());
    this.#due(job);
  }

  /** Ends a job now. An unknown one has ended before, or never came. */
  cancel(id: string, reason: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'running') this.#endings.end(job, 'cancelled', reason);
  }

  /** Ends whatever job this owner has running. */
  cancelOf(owner: string, reason: string): void {
    const job = this.#jobs.of(owner);
    if (job !== undefined) this.#endings.end(job, 'cancelled', reason);
  }

  /** Shortens a job: so long after its start, waits for its supply not counted, its actuator is neutral. */
  cut(id: string, longestMs: number): void {
    const job = this.#jobs.get(id);
    if (job?.record.status !== 'running' || !job.cut(longestMs)) return;
    this.#save(job);
    // It is cut in any case; but a crash must not bring the time back.
    this.#ports.store.commit().catch(() => undefined);
    this.#news.standing(job, 'started');
    this.#due(job);
  }

  /** Says once more how every job stands: for a runtime that has just started. */
  sync(): void {
    for (const job of this.#jobs.all()) {
      if (job.record.status === 'ending') this.#endings.sendNeutral(job);
      if (job.record.status !== 'running') continue;
      this.#news.standing(job, 'resumed');
    }
  }

  /** The job's last step has reached the broker, or (by `restOf`) one that has made it rest. */
  delivered(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'ending') this.#endings.close(job);
    if (job !== undefined) return;
    const resting = this.#jobs.get(id.slice(0, id.lastIndexOf('#')));
    // One that is being stored is about to begin, with the lease that it has.
    if (resting?.record.status !== 'running' || resting.isWaiting || resting.isBeingStored) return;
    const present = resting.presentStep();
    if (present.value === resting.record.neutral && restOf(present) === id) this.#endings.giveBack(resting);
  }

  #takeUp(job: RunningJob, now: number): void {
    this.#jobs.add(job);
    const end = endOf(job, now);
    if (end === null) this.#resume(job);
    else this.#endings.end(job, end.outcome, end.reason);
  }

  #resume(job: RunningJob): void {
    this.#jobs.engage(job);
    if (!job.isWaiting) {
      this.#save(job);
      this.#news.resume(job);
    }
    this.#due(job);
  }

  /** Takes every step that is due, then waits for the next. */
  #due(job: RunningJob): void {
    if (job.record.status === 'ending') this.#endings.sendNeutral(job);
    else if (job.record.status === 'running' && job.isBeingStored) this.#news.step(job.restingStep());
    else if (job.record.status === 'running') this.#advance(job, this.#ports.clock.now());
  }

  #advance(job: RunningJob, now: number): void {
    let next = job.nextAt();
    while (next !== null && next <= now) {
      if (!this.#hasSupply(job, now)) return;
      this.#news.announce(job);
      const step = job.takeStep();
      if (step.end !== null) {
        this.#endings.end(job, step.end.outcome, null);
        return;
      }
      this.#news.step(step);
      // While the water soaks in, others may have the pump.
      if (step.value === job.record.neutral && !this.#isReported(job)) this.#endings.giveBack(job);
      next = job.nextAt();
    }
    this.#news.announce(job);
    if (next !== null) this.#timetable.set(job, next);
    this.#heartbeat.follow(job);
  }

  /** Whether the job may turn its actuator on; if not, it waits for its supply. */
  #hasSupply(job: RunningJob, now: number): boolean {
    if (!job.turnsOn) return true;
    if (this.#leases.take(job)) {
      if (!job.isWaiting) return true;
      job.goesOn(now);
      // That it does not wait any more is on disk before its actuator is on; a failure is told as the job's end.
      this.#begin(job).catch(() => undefined);
      return false;
    }
    job.waits(this.#leases.waitOf(job, now), now);
    this.#save(job);
    this.#news.queue(job);
    return false;
  }

  /** Whether somebody reports what has reached the broker of it. */
  #isReported({ record }: RunningJob): boolean {
    return this.#ports.waitsForDelivery && record.sensor !== undefined;
  }

  #save(job: RunningJob): void {
    this.#ports.store.write({ type: 'jobSaved', job: job.record });
  }
}
