import type { Change } from '../../domain/change.ts';
import type { JobRecord, OpenJob } from '../../domain/job/job.ts';

type Kind = Change['type'];

/** What each of the reads that a start begins with would miss if it were not written yet; of epochs RIPE itself knows. */
export const SEEN_AT_START = {
  garden: new Set<Kind>([
    'sensorAdded',
    'sensorRemoved',
    'keyChanged',
    'formerKeyGone',
    'clearOwed',
    'clearDone',
  ]),
  sensors: new Set<Kind>([
    'sensorAdded',
    'sensorChanged',
    'sensorRemoved',
    'keyChanged',
    'agentSaved',
    'agentRemoved',
    'rowSaved',
    'commandSaved',
    'logAdded',
  ]),
  furtherSensors: new Set<Kind>(),
  /** Beside the jobs themselves, see `openWithUnwritten`. */
  jobs: new Set<Kind>(['sensorRemoved']),
} as const;

/** The open jobs as they are on disk, with those in place of them, or beside them, that are still to be written. */
export function openWithUnwritten(onDisk: readonly JobRecord[], changes: readonly Change[]): OpenJob[] {
  const jobs = new Map<string, OpenJob>(onDisk.map((job) => [job.id, job]));
  for (const job of jobsOf(changes).values()) jobs.set(job.id, asFarAsWritten(job, jobs.get(job.id)));
  return [...jobs.values()].filter(({ status }) => status !== 'ended').sort(byAge);
}

/** What turns an actuator on counts once it is on disk. */
function asFarAsWritten(job: JobRecord, onDisk: JobRecord | undefined): OpenJob {
  if (job.status !== 'running') return job;
  if (onDisk?.status !== 'running') return { ...job, isUnwritten: true };
  return onDisk.waitsSince !== null && job.waitsSince === null ? onDisk : job;
}

/** The same of a part of the ended jobs; those that are still to be written come with the first one. */
export function endedWithUnwritten(
  onDisk: JobRecord[],
  changes: readonly Change[],
  { since, isFirst }: { since: number; isFirst: boolean },
): JobRecord[] {
  const unwritten = jobsOf(changes);
  if (unwritten.size === 0) return onDisk;
  const jobs = onDisk.filter(({ id }) => !unwritten.has(id));
  return isFirst ? [...jobs, ...[...unwritten.values()].filter((job) => hasRunSince(job, since))] : jobs;
}

function jobsOf(changes: readonly Change[]): Map<string, JobRecord> {
  return new Map(
    changes.flatMap((change) => (change.type === 'jobSaved' ? [[change.job.id, change.job]] : [])),
  );
}

function hasRunSince({ status, startedAt, endedAt, sensor }: JobRecord, since: number): boolean {
  return status === 'ended' && startedAt !== null && sensor !== undefined && (endedAt ?? 0) >= since;
}

const byAge = (a: JobRecord, b: JobRecord): number => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
