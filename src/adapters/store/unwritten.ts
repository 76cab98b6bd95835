import type { Change } from '../../domain/change.ts';
import type { JobRecord } from '../../domain/job/job.ts';

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
export function openWithUnwritten(onDisk: JobRecord[], changes: readonly Change[]): JobRecord[] {
  const unwritten = jobsOf(changes);
  if (unwritten.size === 0) return onDisk;
  const jobs = [...onDisk.filter(({ id }) => !unwritten.has(id)), ...unwritten.values()];
  return jobs.filter(({ status }) => status !== 'ended').sort(byAge);
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
