import type { JobRecord } from '../../domain/job/job.ts';
import type { Change } from '../../domain/store.ts';

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
  /** Beside the jobs themselves, see `withUnwritten`. */
  jobs: new Set<Kind>(['sensorRemoved']),
} as const;

/** Jobs as they are on disk, with those in place of them, or beside them, that are still to be written. */
export function withUnwritten(onDisk: readonly JobRecord[], changes: readonly Change[]): JobRecord[] {
  const jobs = new Map(onDisk.map((job) => [job.id, job]));
  for (const change of changes) if (change.type === 'jobSaved') jobs.set(change.job.id, change.job);
  return [...jobs.values()];
}

export const isOpen = ({ status }: JobRecord): boolean => status !== 'ended';

/** Of a sensor, which has run and ended since then. */
export const hasRunSince =
  (since: number) =>
  ({ status, startedAt, endedAt, sensor }: JobRecord): boolean =>
    status === 'ended' && startedAt !== null && sensor !== undefined && (endedAt ?? 0) >= since;

export const byAge = (a: JobRecord, b: JobRecord): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
