import { TransientMap } from '../../collections/transient-map.ts';
import { type JobRecord, type JobRequest, plannedJob } from '../../job/job.ts';
import { durationOf, type Plan } from '../../job/plan.ts';
import type { Store } from '../../store.ts';
import type { Clock, Timetable, TimetableFactory } from '../../time/clock.ts';
import type { RuntimeWires } from '../ports.ts';

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
  readonly #pending = new TransientMap<string, Pending>();
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
   * A job that was planned just before a restart is asked for once more; the runner takes an id only once. One that is not
   * wanted any more is given up, which false says.
   */
  resend(job: JobRecord, dropped: (reason: string) => void): boolean {
    const ageMs = this.#clock.now() - job.createdAt;
    const isWanted = ageMs >= 0 && ageMs < wantedMs(job.plan);
    // By the rule `finish` its time has been running since it was announced.
    const request = isFinish(job.plan) ? { ...job, startsAt: job.createdAt } : job;
    this.#pending.set(job.id, { request, dropped, isSent: false });
    if (isWanted) this.#resends.push(job.id);
    else this.#deadlines.set(job.id, this.#clock.now());
    return isWanted;
  }

  /** A later job has taken the place of one that was to be asked for once more: it is given up. */
  forgo(id: string): void {
    const place = this.#resends.indexOf(id);
    if (place < 0) return;
    this.#resends.splice(place, 1);
    this.#deadlines.set(id, this.#clock.now());
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

  /**
   * Sends a planned job that is still to be stored, so that its row and the runner's are one commit; false where others
   * than the runner would see it: what they are shown is on disk.
   */
  sendAhead(id: string): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined || !this.#wires.isRunnerNext()) return false;
    this.#start(pending);
    return true;
  }

  /** Sends a planned job that is on disk now, if it is not there yet; one that was withdrawn meanwhile stays here. */
  send(id: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#deadlines.set(id, this.#clock.now() + ANSWER_MS);
    if (!pending.isSent) this.#start(pending);
  }

  #start(pending: Pending): void {
    pending.isSent = true;
    this.#wires.startJob(pending.request);
  }

  /** The runner has answered: the job is its own from here on. */
  answered(id: string): void {
    this.#deadlines.delete(id);
    this.#pending.delete(id);
  }

  /** Takes a job back; false if it is on the wire already and has to be cancelled there. */
  withdraw(id: string, reason: string): boolean {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.isSent) return false;
    this.#pending.delete(id);
    this.#end(pending.request, 'cancelled', reason);
    return true;
  }

  /** Ends a job that is not to begin, wherever it is. */
  refuse(id: string, reason: string): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) {
      // The runner has it, and has said something of it already.
      if (reason !== DROPPED) this.#wires.cancelJob(id, reason);
      return;
    }
    this.answered(id);
    this.#end(pending.request, 'refused', reason);
    if (pending.isSent) this.#wires.cancelJob(id, reason);
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

const isFinish = ({ rule = 'finish' }: Plan): boolean => rule === 'finish';

/** How long after it was planned a job may still begin, by its rule for restarts. */
function wantedMs(plan: Plan): number {
  if (isFinish(plan)) return durationOf(plan);
  // Nobody wants at noon all of the water that was due in the morning.
  return plan.rule === 'resume' ? ANSWER_MS : 0;
}
