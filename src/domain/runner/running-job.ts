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
  readonly #due: readonly { at: number; value: number; index: number }[];
  #next = 0;

  constructor(request: JobRequest) {
    this.record = plannedJob(request);
    this.#due = timeline(request.plan);
  }

  begin(now: number): void {
    this.record = {
      ...this.record,
      status: 'running',
      startedAt: now,
      endsAt: now + durationOf(this.record.plan),
    };
  }

  /** When the next step is due; null after the last. */
  nextAt(): number | null {
    const next = this.#due[this.#next];
    return next === undefined ? null : (this.record.startedAt ?? 0) + next.at;
  }

  /** Takes the next step; the plan's last one ends the job. */
  takeStep(): JobStep {
    const step = this.#due[this.#next] as { value: number; index: number };
    this.#next += 1;
    const isLast = this.#next === this.#due.length;
    return this.#step(step.index, step.value, isLast ? { outcome: 'finished' } : null);
  }

  /** The last step, now: the actuator goes neutral. */
  neutralStep(): JobStep {
    const { outcome, reason, plan, neutral } = this.record;
    const end = { outcome: outcome ?? 'finished', ...(reason === null ? {} : { reason }) };
    return this.#step(plan.steps.length - 1, neutral, end);
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

/** A job out of the store, as an earlier run left it. */
export function resumeRecord(record: JobRecord): RunningJob {
  const job = new RunningJob(record);
  job.record = record;
  return job;
}
