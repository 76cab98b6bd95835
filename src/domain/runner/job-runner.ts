import type { JobOutcome } from '../agent-contract.ts';
import type { Clock, Timetable, TimetableFactory } from '../clock.ts';
import { type JobEvent, type JobRecord, type JobRequest, type JobStep, restOf } from '../job.ts';
import type { Store } from '../store.ts';
import { Leases } from './leases.ts';
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

const REPEAT_MS = 5_000;
const BEAT_MS = 5_000;

/**
 * The timetable of all jobs. A job's row is on disk before its first step goes out; its last step, which makes the
 * actuator neutral, goes out before the row is closed, and again every 5 s until it is known to be delivered.
 */
export class JobRunner {
  readonly #ports: RunnerPorts;
  readonly #jobs = new Map<string, RunningJob>();
  readonly #byOwner = new Map<string, RunningJob>();
  readonly #timetable: Timetable<RunningJob>;
  readonly #heartbeat: Timetable<'heartbeat'>;
  readonly #leases: Leases;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#timetable = ports.timetable((job: RunningJob) => this.#due(job));
    this.#heartbeat = ports.timetable(() => this.#beat());
    this.#leases = new Leases(ports.supplies ?? {});
  }

  get runningJobs(): number {
    return this.#byOwner.size;
  }

  /** Every job that is not over, as its row stands. */
  get openJobs(): JobRecord[] {
    return [...this.#jobs.values()].map(({ record }) => record);
  }

  /** Takes up every job that an earlier run has left open, each by its own rule, before any new work. */
  async start(): Promise<void> {
    const now = this.#ports.clock.now();
    const open = await this.#ports.store.openJobs();
    // A planned one was never begun: whoever planned it asks again, or lets it be.
    const jobs = open.filter(({ status }) => status !== 'planned').map((record) => takenUp(record, now));
    // First everybody has what may still be on: else one that waited would come between.
    for (const job of jobs) if (mayBeOn(job, now, this.#isReported(job))) this.#leases.keep(job);
    for (const job of jobs) this.#takeUp(job, now);
  }

  /** Rows stay: the next start takes them up. */
  stop(): void {
    this.#beat();
    this.#timetable.stop();
    this.#heartbeat.stop();
  }

  /** Notes how far the jobs have come that are owed, after a crash, the time that remained. */
  #beat(): void {
    const now = this.#ports.clock.now();
    const owed = [...this.#byOwner.values()].filter((job) => job.record.plan.rule === 'resume');
    for (const job of owed) {
      job.seen(now);
      this.#save(job);
    }
    if (owed.length > 0) this.#heartbeat.set('heartbeat', now + BEAT_MS);
  }

  /** Starts a job in place of its owner's running one. Asked twice under one id, it starts once. */
  async request(request: JobRequest): Promise<void> {
    const known = this.#jobs.get(request.id);
    if (known !== undefined) {
      if (known.isAnnounced) this.#tell(known, 'started');
      return;
    }
    const job = RunningJob.begin(request, this.#ports.clock.now());
    this.#jobs.set(request.id, job);
    const replaced = this.#byOwner.get(request.owner);
    this.#byOwner.set(request.owner, job);
    if (replaced !== undefined) this.#replace(replaced, job);
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
      if (job.record.status === 'running') this.#end(job, 'refused', 'the store did not take it');
      throw error;
    } finally {
      job.isBeingStored = false;
    }
    if (job.record.status === 'running') this.#due(job);
  }

  /** Ends a job now. An unknown one has ended before, or never came. */
  cancel(id: string, reason: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'running') this.#end(job, 'cancelled', reason);
  }

  /** Ends whatever job this owner has running. */
  cancelOf(owner: string, reason: string): void {
    const job = this.#byOwner.get(owner);
    if (job !== undefined) this.#end(job, 'cancelled', reason);
  }

  /** Says once more how every job stands: for a runtime that has just started. */
  sync(): void {
    for (const job of [...this.#jobs.values()]) {
      if (job.record.status === 'ending') this.#sendNeutral(job);
      if (job.record.status !== 'running') continue;
      if (job.isWaiting) this.#tell(job, 'queued');
      else if (job.isAnnounced) this.#tell(job, 'resumed');
      if (job.isAnnounced) this.#ports.step(job.presentStep());
    }
  }

  /** The job's last step has reached the broker, or (by `restOf`) one that has made it rest. */
  delivered(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'ending') this.#close(job);
    if (job !== undefined) return;
    const resting = this.#jobs.get(id.slice(0, id.lastIndexOf('#')));
    if (resting?.record.status !== 'running' || resting.isWaiting) return;
    const present = resting.presentStep();
    if (present.value === resting.record.neutral && restOf(present) === id) this.#giveBack(resting);
  }

  #takeUp(job: RunningJob, now: number): void {
    this.#jobs.set(job.record.id, job);
    const end = endOf(job, now);
    if (end === null) this.#resume(job);
    else this.#end(job, end.outcome, end.reason);
  }

  #resume(job: RunningJob): void {
    this.#byOwner.set(job.record.owner, job);
    if (!job.isWaiting) {
      job.isAnnounced = true;
      this.#save(job);
      this.#tell(job, 'resumed');
      this.#ports.step(job.presentStep());
    }
    this.#due(job);
  }

  /** Takes every step that is due, then waits for the next. */
  #due(job: RunningJob): void {
    if (job.record.status === 'ending') this.#sendNeutral(job);
    else if (job.record.status === 'running' && !job.isBeingStored)
      this.#advance(job, this.#ports.clock.now());
  }

  #advance(job: RunningJob, now: number): void {
    let next = job.nextAt();
    while (next !== null && next <= now) {
      if (!this.#hasSupply(job, now)) return;
      this.#announce(job);
      const step = job.takeStep();
      if (step.end !== null) {
        this.#end(job, step.end.outcome, null);
        return;
      }
      this.#ports.step(step);
      // While the water soaks in, others may have the pump.
      if (step.value === job.record.neutral && !this.#isReported(job)) this.#giveBack(job);
      next = job.nextAt();
    }
    this.#announce(job);
    if (next !== null) this.#timetable.set(job, next);
    if (job.record.plan.rule === 'resume') this.#beat();
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
    // It may stand in for a job that had the actuator on.
    this.#ports.step(job.presentStep());
    this.#tell(job, 'queued');
    return false;
  }

  #giveBack(job: RunningJob): void {
    for (const next of this.#leases.leave(job)) this.#due(next);
  }

  /** Whether somebody reports what has reached the broker of it. */
  #isReported({ record }: RunningJob): boolean {
    return this.#ports.waitsForDelivery && record.sensor !== undefined;
  }

  #announce(job: RunningJob): void {
    if (job.isAnnounced) return;
    job.isAnnounced = true;
    this.#tell(job, 'started');
  }

  #end(job: RunningJob, outcome: JobOutcome, reason: string | null): void {
    job.ending(outcome, reason, this.#ports.clock.now());
    if (this.#byOwner.get(job.record.owner) === job) this.#byOwner.delete(job.record.owner);
    this.#save(job);
    this.#sendNeutral(job);
  }

  #sendNeutral(job: RunningJob): void {
    this.#timetable.set(job, this.#ports.clock.now() + REPEAT_MS);
    this.#ports.step(job.neutralStep());
    if (!this.#isReported(job)) this.#close(job);
  }

  /** Its successor has the actuator now, and its supply: it sends nothing more. */
  #replace(job: RunningJob, successor: RunningJob): void {
    if (this.#leases.pass(job, successor)) {
      job.ending('cancelled', 'replaced', this.#ports.clock.now());
      this.#close(job);
    } else this.#end(job, 'cancelled', 'replaced');
  }

  /** Only now, with its OFF delivered, others get its supply. */
  #close(job: RunningJob): void {
    job.ended(this.#ports.clock.now());
    this.#timetable.delete(job);
    this.#jobs.delete(job.record.id);
    this.#save(job);
    this.#tell(job, job.record.outcome ?? 'finished');
    this.#giveBack(job);
  }

  #save(job: RunningJob): void {
    this.#ports.store.write({ type: 'jobSaved', job: job.record });
  }

  #tell(job: RunningJob, event: JobEvent['event']): void {
    this.#ports.event(job.event(event, this.#ports.clock.now()));
  }
}
