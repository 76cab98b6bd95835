import { fieldError, RipeError } from '../../errors.ts';
import { type JobRecord, plannedJob } from '../../job/job.ts';
import { durationOf, type Plan, parsePlan, runFor } from '../../job/plan.ts';
import { newestFirst, pageOf } from '../../paging.ts';
import type { StartJobBody } from '../../rest/bodies.ts';
import { nextLink } from '../../rest/next-link.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { formatDate } from '../../time/dates.ts';
import { loadedHost } from './agents.ts';
import { becauseBody, cutBody } from './because-body.ts';
import { fullReply } from './reply.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** What the actuators of a sensor do and did, and single runs that a person wants. */
export function jobOperations(workshop: Workshop): OperationTable {
  return {
    listJobs: (request) => listJobs(workshop, request),
    startJob: (request) => startJob(workshop, request),
    cancelJob: (request) => cancelJob(workshop, request),
  };
}

async function listJobs({ store, twinOf }: Workshop, request: ApiRequest): Promise<unknown> {
  const { id } = twinOf(request);
  const { range, page } = request;
  if (range === undefined || page === undefined) return (await store.openJobsOf(id)).map(jobBody);
  const ended = await store.endedJobsOf(id, newestFirst(range, page));
  const { items, next } = pageOf(ended, page, ({ endedAt }) => endedAt ?? 0);
  return fullReply({ body: items.map(jobBody), headers: nextLink(request, next) });
}

async function startJob(workshop: Workshop, request: ApiRequest): Promise<object> {
  const { domain, ...run } = request.body as StartJobBody;
  const lane = workshop.laneOf({ ...request, domain });
  const plan = parsePlan(planOf(run, loadedHost(lane).neutral), loadedHost(lane).neutral);
  const job = await lane.order(plan);
  const seconds = Math.round(durationOf(job.plan) / 1000);
  workshop.changes.tell(lane.twin.id, `${lane.name}: a run of ${seconds} s was ordered`);
  return jobBody(plannedJob(job));
}

function planOf(run: Omit<StartJobBody, 'domain'>, neutral: number): Plan {
  const { duration_ms: durationMs, value, steps, ...rest } = run;
  if ((durationMs === undefined) === (steps === undefined))
    throw fieldError('duration_ms', 'must be there, or steps, and not both');
  if (steps !== undefined) {
    if (value !== undefined) throw fieldError('value', 'goes with duration_ms only; steps set their own');
    return { ...rest, steps };
  }
  const on = value ?? 1;
  if (on === neutral) throw fieldError('value', `must be another than the neutral one, ${neutral}`);
  return { ...rest, ...runFor(durationMs as number, on, neutral) };
}

/** One that has ended stays as it is: to cancel twice does no harm. */
async function cancelJob(workshop: Workshop, request: ApiRequest): Promise<object> {
  const { store, lanes, wires } = workshop;
  const { id: sensor } = workshop.twinOf(request);
  const id = request.job ?? '';
  // First of all: to look the job up may take as long as the disk likes.
  const lane = lanes.of(sensor).find((each) => lanes.jobs.cancel(each, id, 'cancelled'));
  const job = await store.job(id);
  if (job === null || job.sensor !== sensor) throw new RipeError('RIPE_JOB_UNKNOWN', { field: 'job' });
  if (lane === undefined && isEnding(job)) return jobBody(job);
  if (lane === undefined) wires.cancelJob(id, 'cancelled');
  await store.commit();
  workshop.changes.tell(sensor, `${lane?.name ?? `sensor ${sensor}`}: job ${id} was cancelled`);
  const left = (await store.job(id)) ?? job;
  // The job-runner hears of it over the wire, and tells the end when the device has its last step.
  return jobBody(left.status === 'ended' ? left : { ...left, status: 'ending' });
}

const isEnding = ({ status }: JobRecord): boolean => status === 'ending' || status === 'ended';

function jobBody(job: JobRecord): object {
  const { id, domain, plan, neutral, createdAt, startedAt, delayedMs, endedAt, outcome, reason } = job;
  return {
    id,
    domain: domain ?? null,
    state: stateOf(job),
    plan,
    neutral,
    because: becauseBody(job.because),
    cut: cutBody(job.cut),
    created_at: formatDate(createdAt),
    started_at: dateOrNull(startedAt),
    delayed_ms: delayedMs,
    ends_at: dateOrNull(endOf(job)),
    ended_at: dateOrNull(endedAt),
    outcome,
    reason,
  };
}

function stateOf({ status, waitsSince }: JobRecord): string {
  return status === 'running' && waitsSince !== null ? 'queued' : status;
}

/** One that has not begun yet will end after its plan; one that never ran has no end but that of its row. */
function endOf({ status, endsAt, createdAt, plan }: JobRecord): number | null {
  return status === 'planned' ? createdAt + durationOf(plan) : endsAt;
}

const dateOrNull = (at: number | null): string | null => (at === null ? null : formatDate(at));
