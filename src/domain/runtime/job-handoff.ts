import type { Clock, Timetable, TimetableFactory } from '../clock.ts';
import { type JobRecord, type JobRequest, plannedJob } from '../job.ts';
import { durationOf, type Plan } from '../plan.ts';
import type { Store } from '../store.ts';
import type { RuntimeWires } from './ports.ts';

const ANSWER_MS = 5_000;
const DROPPED = 'dropped on the wire';

interface Pending {
  request: JobRequest;
  readonly dropped: (reason: string) => void;
  isSent: boolean;
}

/** Planned jobs on their way over the wire to the job-runner, until it answers. */
export class JobHandoff {
  readonly #store: Store;
  readonly #wires: RuntimeWires;
  readonly #clock: Clock;
  readonly #deadlines: Timetable<string>;
  readonly #pending = new Map<string, Pending>();
  readonly #resends: string[] = [];
  readonly #cancels: { id: string; reason: string }[] = [];

  constructor(ports: { store: Store; wires: RuntimeWires; clock: Clock; timetable: TimetableFactory }) {
    this.#store = ports.store;
    this.#wires = ports.wires;
    this.#clock = ports.clock;
    this.#deadlines = ports.timetable((id: string) => this.#drop(id));
  }

  /** Writes a planned job to the store. `dropped` is called if nobody on the wire takes it within 5 s. */
  plan(request: JobRequest, dropped: (reason: string) => void): void {
    this.#pending.set(request.id, { request, dropped, isSent: false });
    this.#store.write({ type: 'jobSaved', job: plannedJob(request) });
  }

  /**
   * A job that was planned just before a restart is asked for once more; the runner takes an id only once. An older one is
   * given up, which false says: nobody wants at noon the water that was due in the morning.
   */
  resend(job: JobRecord, dropped: (reason: string) => void): boolean {
    this.#pending.set(job.id, { request: job, dropped, isSent: false });
    const isRecent = this.#clock.now() - job.createdAt < ANSWER_MS;
    if (isRecent) this.#resends.push(job.id);
    else this.#deadlines.set(job.id, this.#clock.now());
    return isRecent;
  }

  /** A job of an earlier run that nobody wants any more. */
  giveUp(job: JobRecord): void {
    this.#end(job, 'refused', 'restart');
  }

  /** A job of an earlier run is to end: the agent whose it is cannot decide on it. */
  cancelLater(id: string, reason: string): void {
    this.#cancels.push({ id, reason });
  }

  /** The wires are there now. */
  sendAgain(): void {
    for (const id of this.#resends.splice(0)) this.send(id);
    for (const { id, reason } of this.#cancels.splice(0)) this.#wires.cancelJob(id, reason);
  }

  /** Sends a planned job that is on disk now; one that was withdrawn meanwhile stays here. */
  send(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending.isSent = true;
    this.#deadlines.set(id, this.#clock.now() + ANSWER_MS);
    this.#wires.startJob(pending.request);
  }

  /** The runner has answered: the job is its own from here on. */
  answered(id: string): void {
    this.#deadlines.delete(id);
    this.#pending.delete(id);
  }

  /** Takes a job back; false if it is on the wire already and has to be cancelled there. */
  withdraw(id: string, outcome: 'cancelled' | 'refused', reason: string): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.isSent) return false;
    this.#pending.delete(id);
    this.#end(pending.request, outcome, reason);
    return true;
  }

  /** Shortens a job to this plan; true if it is the runner's already, which then answers. */
  cut(id: string, plan: Plan): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.isSent) {
      this.#wires.cutJob(id, durationOf(plan));
      return true;
    }
    pending.request = { ...pending.request, plan };
    this.#store.write({ type: 'jobSaved', job: plannedJob(pending.request) });
    return false;
  }

  stop(): void {
    this.#deadlines.stop();
  }

  /** Somebody's node has dropped the job, as a rain check does: it counts as stopped on the wire. */
  #drop(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    this.#end(pending.request, 'refused', DROPPED);
    pending.dropped(DROPPED);
  }

  #end(request: JobRequest, outcome: 'cancelled' | 'refused', reason: string): void {
    const endedAt = this.#clock.now();
    this.#store.write({
      type: 'jobSaved',
      job: { ...plannedJob(request), status: 'ended', endedAt, outcome, reason },
    });
  }
}
