import type { JobRecord } from '../../job/job.ts';
import { RunningJob } from '../../runner/running-job.ts';
import type { Capacities } from '../../runner/supplies.ts';
import { formatDate } from '../../time/dates.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** Who has which pump or tank, and who waits for it. */
export function supplyOperations({ store, clock, supplies }: Workshop): OperationTable {
  return {
    listSupplies: async () => supplyList(supplies, await store.openJobs(), clock.now()),
  };
}

/** Those that the garden names, and those that a job uses all the same. */
function supplyList(capacities: Capacities, jobs: readonly JobRecord[], now: number): object[] {
  const used = Map.groupBy(
    jobs.filter(({ status, plan }) => status !== 'planned' && plan.supply !== undefined),
    ({ plan }) => plan.supply ?? '',
  );
  const names = [...new Set([...Object.keys(capacities), ...used.keys()])].sort();
  return names.map((name) => ({
    name,
    capacity: Object.hasOwn(capacities, name) ? capacities[name] : 1,
    jobs: (used.get(name) ?? []).map((job) => userBody(job, now)),
  }));
}

function userBody(job: JobRecord, now: number): object {
  const { id, sensor, domain, endsAt } = job;
  return {
    id,
    sensor: sensor ?? null,
    domain: domain ?? null,
    state: stateOf(job, now),
    ends_at: endsAt === null ? null : formatDate(endsAt),
  };
}

/** One that is ending has its supply until the device has its last step. */
function stateOf(job: JobRecord, now: number): 'has' | 'rests' | 'waits' {
  if (job.waitsSince !== null) return 'waits';
  const isOn = RunningJob.restore(job, now).presentStep().value !== job.neutral;
  return isOn || job.status === 'ending' ? 'has' : 'rests';
}
