import type { Because, Cut, JobOutcome } from '../agent/agent-contract.ts';
import type { Plan } from './plan.ts';

/** What a job works for: `owner` is the actuator's name; one job per owner runs at a time. */
export interface JobOwner {
  readonly owner: string;
  /** Absent where a job-runner works alone. */
  readonly sensor?: number;
  readonly domain?: string;
}

/** A job as it is asked for. The id is idempotent: asking twice starts it once. */
export interface JobRequest extends JobOwner {
  readonly id: string;
  readonly plan: Plan;
  readonly neutral: number;
  /** ms UTC */
  readonly createdAt: number;
  /** From when its time counts (ms UTC): before now if it comes late. Absent: from when the runner gets it. */
  readonly startsAt?: number;
  readonly because?: Because;
  /** What a hard limit has taken from it. */
  readonly cut?: Cut;
}

export type JobStatus = 'planned' | 'running' | 'ending' | 'ended';

/** A job as it is stored. */
export interface JobRecord extends JobRequest {
  readonly status: JobStatus;
  readonly startedAt: number | null;
  /** How long it has waited since then, for its supply or for RIPE to come back, in ms. */
  readonly delayedMs: number;
  /** When the step was due for which it waits for its supply; null: it does not wait. */
  readonly waitsSince: number | null;
  /** When RIPE was last known to run it (ms UTC); kept for the rule `resume` only. */
  readonly seenAt: number | null;
  /** When its last step is due; an estimate while it waits. */
  readonly endsAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: JobOutcome | null;
  readonly reason: string | null;
}

/** One that is not over, as it stands. */
export interface OpenJob extends JobRecord {
  /** That it has begun is still on its way to the disk: until then it may turn nothing on. */
  readonly isUnwritten?: true;
}

/** One due step: the value that the actuator holds from now on. */
export interface JobStep extends JobOwner {
  readonly job: string;
  readonly index: number;
  readonly value: number;
  readonly startedAt: number;
  readonly endsAt: number;
  /** When the job sets another value; null where this one is neutral. */
  readonly until: number | null;
  /** Set on the job's last step, which makes its actuator neutral; the step's delivery closes the job. */
  readonly end: { readonly outcome: JobOutcome; readonly reason?: string } | null;
}

export type JobEventName = 'queued' | 'started' | 'resumed' | 'finished' | 'cancelled' | 'refused';

export interface JobEvent extends JobOwner {
  readonly job: string;
  readonly event: JobEventName;
  readonly at: number;
  readonly startedAt: number | null;
  /** When it will be over, or was. */
  readonly endsAt: number | null;
  readonly reason?: string;
}

/** A job that has been asked for, as it is first stored. */
export function plannedJob(request: JobRequest): JobRecord {
  return {
    ...request,
    status: 'planned',
    startedAt: null,
    delayedMs: 0,
    waitsSince: null,
    seenAt: null,
    endsAt: null,
    endedAt: null,
    outcome: null,
    reason: null,
  };
}

/** The name of a step that makes a job rest, not end: what its delivery is reported by. */
export const restOf = ({ job, index }: Pick<JobStep, 'job' | 'index'>): string => `${job}#${index}`;

export const ownerOf = (sensor: number, domain: string): string => `${sensor}/${domain}`;
