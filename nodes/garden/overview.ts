import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { JobRecord } from '../../src/domain/job/job.ts';
import { chooser } from '../../src/domain/sensor/sensor-choice.ts';
import type { AgentTwin, Twin } from '../../src/domain/sensor/twin.ts';
import type { Locale } from '../../src/domain/time/zones.ts';

/** A sensor that has not been heard of for so long is shown as silent, unless Home Assistant is told otherwise. */
const SILENT_MS = 60 * 60_000;

export interface Search {
  /** Part of a name, or a pattern; blank: all. */
  readonly find: string;
  readonly most: number;
}

/** A garden at a glance, for the sidebar: times are ms UTC, `now` is the server's. It holds no key. */
export function overviewOf(garden: Garden, { find, most }: Search, locale: Locale): object {
  const { live } = garden;
  const all = live.isServed ? Object.values(live.runtime.twins) : [];
  const found = all.filter(chooser(find === '' ? { of: 'all' } : { of: 'named', pattern: `*${find}*` }));
  const shown = found.sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id).slice(0, most);
  return {
    now: Date.now(),
    silentMs: garden.homeAssistant?.silentMs ?? SILENT_MS,
    isServed: live.isServed,
    sensorCount: all.length,
    foundCount: found.length,
    sensors: shown.map((twin) => sensorOf(garden, twin, locale)),
    jobs: live.jobs.map((job) => jobOf(garden, job)),
    plugins: garden.plugins.list(),
    brokers: garden.brokers.list(),
  };
}

function sensorOf(garden: Garden, twin: Twin, locale: Locale): object {
  const { id, name, reading, lastSeen, dropped, agents } = twin;
  const reasonOf = ({ domain }: AgentTwin) => garden.live.runtime.reasonOf(id, domain, locale);
  return {
    id,
    name,
    reading,
    lastSeen,
    dropped,
    agents: agents.map((agent) => ({ ...agentOf(garden, agent), reason: reasonOf(agent) })),
  };
}

function agentOf(garden: Garden, agent: AgentTwin): object {
  const { domain, agentName, version, value, until, job, parked, decidedAt, behind = null } = agent;
  const { lockout = null } = agent.guard;
  const neutral = garden.agentTypes.neutralOf(agentName);
  return { domain, agentName, version, value, neutral, until, job, parked, decidedAt, behind, lockout };
}

function jobOf(garden: Garden, job: JobRecord): object {
  const { id, owner, sensor = null, domain = null, startedAt, endsAt, status, waitsSince, plan } = job;
  const name = sensor === null || !garden.live.isServed ? null : garden.live.runtime.twins[sensor]?.name;
  const state = status === 'running' && waitsSince !== null ? 'waiting' : status;
  return {
    id,
    owner,
    sensor,
    domain,
    name: name ?? null,
    startedAt,
    endsAt,
    state,
    supply: plan.supply ?? null,
  };
}
