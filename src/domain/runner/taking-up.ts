import type { JobOutcome } from '../agent/agent-contract.ts';
import type { JobRecord, JobRequest, JobStep, OpenJob } from '../job/job.ts';
import { RunningJob } from './running-job.ts';

/** A job as an earlier run has left it: by the rule `resume` it is owed the time in which nobody ran it. */
export function takenUp(record: JobRecord, now: number): RunningJob {
  const isOwed = record.plan.rule === 'resume' && record.waitsSince === null;
  const delayed = isOwed ? Math.max(0, now - (record.seenAt ?? now)) : 0;
  const endsAt = record.endsAt === null ? null : record.endsAt + delayed;
  return RunningJob.restore({ ...record, delayedMs: record.delayedMs + delayed, endsAt }, now);
}

/**
 * How a job ends that is not to go on; null for one that is. `close`: at once. `finish`: at its announced end, never
 * later. `resume`: after the time that remained.
 */
export function endOf(job: RunningJob, now: number): { outcome: JobOutcome; reason: string | null } | null {
  const { status, outcome, reason, plan, endsAt } = job.record;
  if (status === 'ending') return { outcome: outcome ?? 'cancelled', reason };
  if (plan.rule === 'close') return { outcome: 'cancelled', reason: 'restart' };
  if (job.isOver) return { outcome: 'finished', reason: null };
  // The clock was set back meanwhile: nobody knows what is left, and it would begin anew when its start comes again.
  if (isBeforeStart(job, now)) return { outcome: 'cancelled', reason: 'restart' };
  // Nobody wants at noon the water that had been waiting in the morning.
  const isTooLate = job.isWaiting && (endsAt ?? 0) <= now;
  return isTooLate ? { outcome: 'cancelled', reason: 'restart' } : null;
}

/** What a job as an earlier run has left it has on now, where it goes on; null where it does not, or waits. */
export function presentStepOf({ isUnwritten, ...record }: OpenJob, now: number): JobStep | null {
  if (record.status !== 'running' || record.waitsSince !== null || isUnwritten) return null;
  const job = takenUp(record, now);
  return endOf(job, now) === null ? job.presentStep() : null;
}

/** What a job sets that begins now; null where it has to wait, be it for its supply or by its plan. */
export function firstStepOf(request: JobRequest, now: number): JobStep | null {
  const job = RunningJob.begin(request, now);
  const isDue = request.plan.supply === undefined && (job.nextAt() ?? Number.POSITIVE_INFINITY) <= now;
  return isDue ? job.takeStep() : null;
}

/** Whether its actuator may be on: also of one that rests, where nobody knows whether that has been heard of. */
export function mayBeOn(job: RunningJob, now: number, isReported: boolean): boolean {
  if (job.isWaiting) return false;
  if (isBeforeStart(job, now)) return true;
  const isOn = job.presentStep().value !== job.record.neutral;
  return isOn || job.isOver || job.record.status === 'ending' || isReported;
}

function isBeforeStart({ record }: RunningJob, now: number): boolean {
  return now < (record.startedAt ?? now);
}
