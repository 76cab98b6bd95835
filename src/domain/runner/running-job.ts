import type { JobOutcome } from '../agent/agent-contract.ts';
import {
  type JobEvent,
  type JobEventName,
  type JobRecord,
  type JobRequest,
  type JobStep,
  plannedJob,
} from '../job/job.ts';
import { cutPlan, durationOf } from '../job/plan.ts';

const STALL_MS = 1_000;

/** A job on the timetable: its row, and how far it has come. There may be 100,000: it keeps nothing that it can count. */
export class RunningJob {
  record: JobRecord;
  /** Whether anybody has been told that it runs. */
  isAnnounced = false;
  /** Nothing of it is due before its row is on disk. */
  isBeingStored = false;
  /** Until then: when what it has taken its actuator from is over; null where that had nothing on. */
  restsAt: number | null = null;
  /** The place of the next set step in the plan, past its end after the last, and when that is due (ms after the start). */
  #next = 0;
  #due = 0;

  private constructor(record: JobRecord) {
    this.record = record;
    this.#passWaits();
  }

  /** A new job, to begin now; one that comes late begins with the step that it would be at. */
  static begin({ startsAt, ...request }: JobRequest, now: number): RunningJob {
    const startedAt = Math.min(startsAt ?? now, now);
    const endsAt = startedAt + durationOf(request.plan);
    const job = new RunningJob({ ...plannedJob(request), status: 'running', startedAt, endsAt });
    if (startedAt < now) job.#passMissed(now);
    return job;
  }

  /** A job as an earlier run has left it, at the step where it would be now; one that waits is where it waits. */
  static restore(record: JobRecord, now: number): RunningJob {
    const job = new RunningJob(record);
    const isTaken = (at: number) => (record.waitsSince === null ? at <= now : at < record.waitsSince);
    for (let at = job.nextAt(); at !== null && isTaken(at); at = job.nextAt()) job.#pass();
    return job;
  }

  get isOver(): boolean {
    return this.#next >= this.record.plan.steps.length;
  }

  get isWaiting(): boolean {
    return this.record.waitsSince !== null;
  }

  /** When the next step is due; null after the last. */
  nextAt(): number | null {
    const { startedAt, delayedMs } = this.record;
    return this.isOver ? null : (startedAt ?? 0) + delayedMs + this.#due;
  }

  /** Whether the next step leaves neutral: what a supply is needed for. */
  get turnsOn(): boolean {
    const { plan, neutral } = this.record;
    const next = plan.steps[this.#next];
    return next !== undefined && 'set' in next && next.set !== neutral;
  }

  /** How long it is on from its next step until it rests or ends, in ms; 0 where that step makes it neutral. */
  get phaseMs(): number {
    const { plan, neutral } = this.record;
    let sum = 0;
    for (let place = this.#next; place < plan.steps.length; place += 1) {
      const step = plan.steps[place];
      if (step === undefined || ('set' in step && step.set === neutral)) break;
      if ('wait' in step) sum += step.wait;
    }
    return sum;
  }

  /** What a disk that stalled took so long for is over; but an impulse is one also where it is shorter than a commit. */
  passStall(now: number): void {
    if (now - (this.nextAt() ?? now) >= STALL_MS) this.#passMissed(now);
  }

  /** Passes every step after which another one is due by now. */
  #passMissed(now: number): void {
    for (;;) {
      const [next, due] = [this.#next, this.#due];
      this.#pass();
      const at = this.nextAt();
      if (at !== null && at <= now) continue;
      this.#next = next;
      this.#due = due;
      return;
    }
  }

  /** Takes the next step; the plan's last one ends the job. */
  takeStep(): JobStep {
    const index = this.#next;
    this.#pass();
    return this.#step(index, this.#valueAt(index), this.isOver ? { outcome: 'finished' } : null);
  }

  /** What the actuator is to hold at this point: neutral before the first step. */
  presentStep(): JobStep {
    const { steps } = this.record.plan;
    let index = this.#next - 1;
    while (index >= 0 && !('set' in (steps[index] as object))) index -= 1;
    return this.#step(Math.max(index, 0), index < 0 ? this.record.neutral : this.#valueAt(index), null);
  }

  /** It takes the place of another one. */
  succeeds(former: RunningJob): void {
    if (former.isBeingStored) this.restsAt = former.restsAt;
    else this.restsAt = former.isWaiting ? null : former.nextAt();
  }

  /** It has not begun yet, and what it has taken its actuator from is over. */
  restingStep(): JobStep {
    return this.#step(0, this.record.neutral, null);
  }

  /** The last step, now: the actuator goes neutral. */
  neutralStep(): JobStep {
    const { outcome, reason, plan, neutral } = this.record;
    const end = { outcome: outcome ?? 'finished', ...(reason === null ? {} : { reason }) };
    return this.#step(plan.steps.length - 1, neutral, end);
  }

  /** It waits from its next step on; `waitMs` is how long that will be, as far as anybody knows. */
  waits(waitMs: number, now: number): void {
    const waitsSince = this.nextAt() ?? now;
    const endsAt = this.#plannedEnd() + Math.max(0, now + waitMs - waitsSince);
    this.record = { ...this.record, waitsSince, endsAt };
  }

  /** Everything that is still to come comes later by as much as it has waited. */
  goesOn(now: number): void {
    const { waitsSince, delayedMs } = this.record;
    if (waitsSince === null) return;
    this.record = { ...this.record, waitsSince: null, delayedMs: delayedMs + Math.max(0, now - waitsSince) };
    this.record = { ...this.record, endsAt: this.#plannedEnd() };
  }

  /** Ends its plan so long after its start, if it is longer; false where nothing is taken from it. */
  cut(longestMs: number): boolean {
    const { plan, neutral, endsAt } = this.record;
    const short = cutPlan(plan, longestMs, neutral);
    if (short === plan) return false;
    const lessMs = durationOf(plan) - durationOf(short);
    this.record = { ...this.record, plan: short, endsAt: endsAt === null ? null : endsAt - lessMs };
    // What is left of a plan keeps its places; what has gone is the step that makes it neutral.
    const next = Math.min(this.#next, short.steps.length - 1);
    this.#next = 0;
    this.#due = 0;
    this.#passWaits();
    while (this.#next < next) this.#pass();
    return true;
  }

  seen(now: number): void {
    this.record = { ...this.record, seenAt: now };
  }

  /** Its last step is on the way; the row stays open until that has been delivered. */
  ending(outcome: JobOutcome, reason: string | null, now: number): void {
    this.goesOn(now);
    this.record = { ...this.record, status: 'ending', outcome, reason };
  }

  ended(now: number): void {
    this.record = { ...this.record, status: 'ended', endedAt: now };
  }

  event(event: JobEventName, at: number): JobEvent {
    const { id: job, owner, sensor, domain, startedAt, endsAt, reason } = this.record;
    return {
      job,
      owner,
      ...who(sensor, domain),
      event,
      at,
      startedAt,
      endsAt,
      ...(reason === null ? {} : { reason }),
    };
  }

  #plannedEnd(): number {
    const { startedAt, delayedMs, plan } = this.record;
    return (startedAt ?? 0) + delayedMs + durationOf(plan);
  }

  #valueAt(place: number): number {
    const step = this.record.plan.steps[place];
    return step !== undefined && 'set' in step ? step.set : this.record.neutral;
  }

  #pass(): void {
    this.#next += 1;
    this.#passWaits();
  }

  #passWaits(): void {
    const { steps } = this.record.plan;
    for (let step = steps[this.#next]; step !== undefined && 'wait' in step; step = steps[this.#next]) {
      this.#due += step.wait;
      this.#next += 1;
    }
  }

  /** When the next step is due that sets another value. */
  #heldUntil(value: number): number {
    const { steps } = this.record.plan;
    let at = this.nextAt();
    for (let place = this.#next; place < steps.length && at !== null; place += 1) {
      const step = steps[place];
      if (step !== undefined && 'wait' in step) at += step.wait;
      else if (step?.set !== value) return at;
    }
    return at ?? this.#plannedEnd();
  }

  #step(index: number, value: number, end: JobStep['end']): JobStep {
    const { id: job, owner, sensor, domain, startedAt, endsAt, createdAt } = this.record;
    const began = startedAt ?? createdAt;
    return {
      job,
      owner,
      ...who(sensor, domain),
      index,
      value,
      startedAt: began,
      endsAt: endsAt ?? began,
      until: end !== null || value === this.record.neutral ? null : this.#heldUntil(value),
      end,
    };
  }
}

function who(sensor: number | undefined, domain: string | undefined): { sensor?: number; domain?: string } {
  return { ...(sensor === undefined ? {} : { sensor }), ...(domain === undefined ? {} : { domain }) };
}
