import type { KeptVersion } from '../../agent/agent-host.ts';
import { completeSettings } from '../../agent/settings-controls.ts';
import { controlBodies, patchSettings } from '../../agent/settings-patch.ts';
import type { Behaviour } from '../../agent-bench/what-if.ts';
import { fieldError, RipeError } from '../../errors.ts';
import type { JobRecord } from '../../job/job.ts';
import { newestFirst, oldestFirst, pageOf } from '../../paging.ts';
import type { Reading } from '../../reading/reading.ts';
import type { WhatIfBody } from '../../rest/bodies.ts';
import type { ApiRequest } from '../../rest/request.ts';
import type { Store, TimeRange } from '../../store.ts';
import { formatDate } from '../../time/dates.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import { loadedHost } from './agents.ts';
import { allOf } from './in-parts.ts';
import type { OperationTable, Workshop } from './requests.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 14;
/** More raw readings are not replayed: then 30-minute rows are. */
const MOST_READINGS = 30_000;
const MOST_JOBS = 10_000;
const MOST_DECISIONS = 10_000;

/** What an agent would have done with other settings, or another version of its agent type. */
export function whatIfOperations(workshop: Workshop): OperationTable {
  let isBusy = false;
  return {
    whatIfVersions: (request) => whatIfVersions(workshop, request),
    whatIf: async (request) => {
      // Before anything is read: what many of them hold until they are refused would fill the memory.
      if (isBusy) throw new RipeError('RIPE_WHAT_IF_BUSY');
      isBusy = true;
      try {
        return await whatIf(workshop, request);
      } finally {
        isBusy = false;
      }
    },
  };
}

function whatIfVersions(workshop: Workshop, request: ApiRequest): object[] {
  const lane = workshop.laneOf(request);
  return versionsFor(workshop, lane).map(({ version, source, settings: controls }) => ({
    version,
    source,
    settings: completeSettings(controls, lane.agent.settings),
    controls: controlBodies(controls, request.locale),
  }));
}

/** The one that decides comes first. */
function versionsFor({ agentTypes }: Workshop, lane: AgentLane): KeptVersion[] {
  const { name, version, source } = loadedHost(lane);
  if (source === 'wires') throw new RipeError('RIPE_WHAT_IF_TYPE', { name });
  const decides = (kept: KeptVersion) => kept.version === version && kept.source === source;
  return agentTypes.versions(name).sort((a, b) => Number(decides(b)) - Number(decides(a)));
}

function versionNamed(workshop: Workshop, lane: AgentLane, wanted: string | undefined): KeptVersion {
  const name = wanted ?? loadedHost(lane).version;
  const kept = versionsFor(workshop, lane).find(({ version }) => version === name);
  if (kept === undefined) throw fieldError('version', 'is not kept');
  return kept;
}

async function whatIf(workshop: Workshop, request: ApiRequest): Promise<object> {
  const lane = workshop.laneOf(request);
  const { version: wanted, settings: changes = {}, days = DEFAULT_DAYS } = request.body as WhatIfBody;
  const { version, source, settings: controls } = versionNamed(workshop, lane, wanted);
  const settings = patchSettings(controls, completeSettings(controls, lane.agent.settings), changes);
  const until = workshop.clock.now();
  const range = { from: until - days * DAY_MS, until };
  const readings = await recorded(workshop.store, lane.twin.id, range);
  const [did, would] = await Promise.all([
    done(workshop.store, lane, range),
    workshop.whatIf({ agentName: lane.agent.agentName, version, source, settings, range, readings }),
  ]);
  return {
    version,
    from: formatDate(range.from),
    until: formatDate(range.until),
    readings: readings.length,
    did: body(did),
    would: body(would),
  };
}

async function recorded(store: Store, sensor: number, range: TimeRange): Promise<readonly Reading[]> {
  const raw = await allOf(MOST_READINGS + 1, async (part) =>
    pageOf(await store.readings(sensor, oldestFirst(range, part)), part, ({ timestamp }) => timestamp),
  );
  return raw.length > MOST_READINGS ? store.rows(sensor, range) : raw;
}

/** What a person has started is no decision of the agent. */
async function done(store: Store, lane: AgentLane, range: TimeRange): Promise<Behaviour> {
  const { id } = lane.twin;
  const jobs = await allOf(MOST_JOBS, async (part) =>
    pageOf(await store.endedJobsOf(id, newestFirst(range, part)), part, ({ endedAt }) => endedAt ?? 0),
  );
  const decisions = await allOf(MOST_DECISIONS, async (part) =>
    pageOf(await store.decisions(id, newestFirst(range, part)), part, ({ at }) => at),
  );
  const byHand = new Set(decisions.filter(({ event }) => event === 'forced').map(({ job }) => job));
  const own = jobs.filter(
    ({ id: job, domain, because }) =>
      domain === lane.agent.domain && !byHand.has(job) && because?.code !== 'ordered',
  );
  return { spans: own.flatMap(spanOf).sort((a, b) => a.from - b.from) };
}

function spanOf({ startedAt, endedAt }: JobRecord): TimeRange[] {
  return startedAt === null || endedAt === null ? [] : [{ from: startedAt, until: endedAt }];
}

function body({ spans }: Behaviour): object {
  return { spans: spans.map(({ from, until }) => ({ from: formatDate(from), until: formatDate(until) })) };
}
