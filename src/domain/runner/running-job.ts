import type { JobOutcome } from '../agent-contract.ts';
import {
  type JobEvent,
  type JobEventName,
  type JobRecord,
  type JobRequest,
  type JobStep,
  plannedJob,
} from '../job.ts';
import { durationOf, timeline } from '../plan.ts';

/** A job on the timetable: its row, and how far it has come. */
export class RunningJob {
  record: JobRecord;
  /** Whether anybody has been told that it runs. */
  isAnnounced = false;
  readonly #due: readonly { at: number; value: number; index: number }[];
  #next = 0;

  private constructor(record: JobRecord) {
    this.record = record;
    this.#due = timeline(record.plan);
  }

  /** A new job, to begin now. */
  static begin(request: JobRequest, now: number): RunningJob {
    const endsAt = now + durationOf(request.plan);
    return new RunningJob({ ...plannedJob(request), status: 'running', startedAt: now, endsAt });
  }

  /** A job as an earlier run has left it, at the step where it would be now. */
  static restore(record: JobRecord, now: number): RunningJob {
    const job = new RunningJob(record);
    while ((job.nextAt() ?? Number.POSITIVE_INFINITY) <= now) job.#next += 1;
    return job;
  }

  get isOver(): boolean {
    return this.#next >= this.#due.length;
  }

  /** When the next step is due; null after the last. */
  nextAt(): number | null {
    const next = this.#due[this.#next];
    const { startedAt, delayedMs } = this.record;
    return next === undefined ? null : (startedAt ?? 0) + delayedMs + next.at;
  }

  /** Whether the next step leaves neutral: what a supply is needed for. */
  get turnsOn(): boolean {
    const next = this.#due[this.#next];
    return next !== undefined && next.value !== this.record.neutral;
  }

  /** Takes the next step; the plan's last one ends the job. */
  takeStep(): JobStep {
    const { value, index } = this.#due[this.#next] as { value: number; index: number };
    this.#next += 1;
    return this.#step(index, value, this.isOver ? { outcome: 'finished' } : null);
  }

  /** What the actuator is to hold at this point: neutral before the first step. */
  presentStep(): JobStep {
    const last = this.#due[this.#next - 1];
    return this.#step(last?.index ?? 0, last?.value ?? this.record.neutral, null);
  }

  /** The last step, now: the actuator goes neutral. */
  neutralStep(): JobStep {
    const { outcome, reason, plan, neutral } = this.record;
    const end = { outcome: outcome ?? 'finished', ...(reason === null ? {} : { reason }) };
    return this.#step(plan.steps.length - 1, neutral, end);
  }

  /** Everything that is still to come comes later. */
  delay(ms: number): void {
    const { delayedMs, endsAt } = this.record;
    this.record = { ...this.record, delayedMs: delayedMs + ms, endsAt: endsAt === null ? null : endsAt + ms };
  }

  seen(now: number): void {
    this.record = { ...this.record, seenAt: now };
  }

  /** Its last step is on the way; the row stays open until that has been delivered. */
  ending(outcome: JobOutcome, reason: string | null): void {
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
      end,
    };
  }
}

function who(sensor: number | undefined, domain: string | undefined): { sensor?: number; domain?: string } {
  return { ...(sensor === undefined ? {} : { sensor }), ...(domain === undefined ? {} : { domain }) };
}
