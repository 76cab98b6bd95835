import type { JobOutcome } from '../agent-contract.ts';
import type { Clock, Timetable, TimetableFactory } from '../clock.ts';
import type { JobEvent, JobRecord, JobRequest, JobStep } from '../job.ts';
import type { Store } from '../store.ts';
import { RunningJob } from './running-job.ts';
import { type Capacities, Supplies } from './supplies.ts';

export interface RunnerPorts {
  readonly store: Pick<Store, 'write' | 'commit' | 'openJobs'>;
  readonly clock: Clock;
  readonly timetable: TimetableFactory;
  step(step: JobStep): void;
  event(event: JobEvent): void;
  /** True: a job closes once somebody reports its last step delivered. False: as soon as that is sent. */
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
  readonly #supplies: Supplies<RunningJob>;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#timetable = ports.timetable((job: RunningJob) => this.#due(job));
    this.#heartbeat = ports.timetable(() => this.#beat());
    this.#supplies = new Supplies(ports.supplies ?? {});
  }

  get runningJobs(): number {
    return this.#byOwner.size;
  }

  /** Takes up every job that an earlier run has left open, each by its own rule, before any new work. */
  async start(): Promise<void> {
    const now = this.#ports.clock.now();
    for (const record of await this.#ports.store.openJobs()) {
      // A planned one was never begun: whoever planned it asks again, or lets it be.
      if (record.status !== 'planned') this.#takeUp(record, now);
    }
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
    this.#save(job);
    try {
      await this.#ports.store.commit();
    } catch (error) {
      // It may have been replaced or cancelled meanwhile.
      if (job.record.status === 'running') this.#end(job, 'refused', 'the store did not take it');
      throw error;
    }
    if (job.record.status === 'running') this.#due(job);
  }

  /** Ends a job now. An unknown one has ended before, or never came. */
  cancel(id: string, reason: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'running') this.#end(job, 'cancelled', reason);
  }

  /** Says once more how every job stands: for a runtime that has just started. */
  sync(): void {
    for (const job of [...this.#jobs.values()]) {
      if (job.record.status === 'ending') this.#sendNeutral(job);
      if (job.record.status !== 'running' || !job.isAnnounced) continue;
      this.#tell(job, 'resumed');
      this.#ports.step(job.presentStep());
    }
  }

  /** The job's last step has reached the broker. */
  delivered(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'ending') this.#close(job);
  }

  /** `close`: ended at once. `finish`: until its announced end, never longer. `resume`: the time that remained. */
  #takeUp(record: JobRecord, now: number): void {
    const rule = record.plan.rule ?? 'finish';
    const delayed = rule === 'resume' ? Math.max(0, now - (record.seenAt ?? now)) : 0;
    const endsAt = record.endsAt === null ? null : record.endsAt + delayed;
    const job = RunningJob.restore({ ...record, delayedMs: record.delayedMs + delayed, endsAt }, now);
    this.#jobs.set(record.id, job);
    if (record.status === 'ending') this.#end(job, record.outcome ?? 'cancelled', record.reason);
    else if (rule === 'close') this.#end(job, 'cancelled', 'restart');
    else if (job.isOver) this.#end(job, 'finished', null);
    else this.#resume(job);
  }

  #resume(job: RunningJob): void {
    const { owner, plan, neutral } = job.record;
    this.#byOwner.set(owner, job);
    job.isAnnounced = true;
    this.#save(job);
    this.#tell(job, 'resumed');
    const present = job.presentStep();
    if (plan.supply !== undefined && present.value !== neutral) this.#supplies.keep(plan.supply, job);
    this.#ports.step(present);
    this.#due(job);
  }

  /** Takes every step that is due, then waits for the next. */
  #due(job: RunningJob): void {
    if (job.record.status === 'ending') this.#sendNeutral(job);
    else if (job.record.status === 'running') this.#advance(job, this.#ports.clock.now());
  }

  #advance(job: RunningJob, now: number): void {
    let next = job.nextAt();
    while (next !== null && next <= now) {
      if (!this.#hasSupply(job, now - next)) return;
      this.#announce(job);
      const step = job.takeStep();
      if (step.end !== null) {
        this.#end(job, step.end.outcome, null);
        return;
      }
      this.#ports.step(step);
      // While the water soaks in, others may have the pump.
      if (step.value === job.record.neutral) this.#giveBack(job);
      next = job.nextAt();
    }
    this.#announce(job);
    if (next !== null) this.#timetable.set(job, next);
    if (job.record.plan.rule === 'resume') this.#beat();
  }

  /** Whether the job may turn its actuator on; if not, it waits for its supply. What waited `lateMs` comes later. */
  #hasSupply(job: RunningJob, lateMs: number): boolean {
    const { supply } = job.record.plan;
    if (supply === undefined || !job.turnsOn) return true;
    if (!this.#supplies.take(supply, job)) {
      // It may stand in for a job that had the actuator on.
      this.#ports.step(job.presentStep());
      this.#tell(job, 'queued');
      return false;
    }
    if (lateMs > 0) {
      job.delay(lateMs);
      this.#save(job);
    }
    return true;
  }

  #giveBack(job: RunningJob): void {
    const { supply } = job.record.plan;
    if (supply === undefined) return;
    for (const next of this.#supplies.leave(supply, job)) this.#due(next);
  }

  #announce(job: RunningJob): void {
    if (job.isAnnounced) return;
    job.isAnnounced = true;
    this.#tell(job, 'started');
  }

  #end(job: RunningJob, outcome: JobOutcome, reason: string | null): void {
    job.ending(outcome, reason);
    if (this.#byOwner.get(job.record.owner) === job) this.#byOwner.delete(job.record.owner);
    this.#save(job);
    this.#sendNeutral(job);
  }

  #sendNeutral(job: RunningJob): void {
    this.#timetable.set(job, this.#ports.clock.now() + REPEAT_MS);
    this.#ports.step(job.neutralStep());
    if (!this.#ports.waitsForDelivery) this.#close(job);
  }

  /** Its successor has the actuator now, and its supply: it sends nothing more. */
  #replace(job: RunningJob, successor: RunningJob): void {
    const { supply } = job.record.plan;
    if (supply !== undefined && supply === successor.record.plan.supply)
      this.#supplies.pass(supply, job, successor);
    job.ending('cancelled', 'replaced');
    this.#close(job);
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
