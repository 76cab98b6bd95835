import { completeSettings } from '../../agent/settings-controls.ts';
import { controlBodies } from '../../agent/settings-patch.ts';
import { tightest } from '../../job/limits.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { formatDate } from '../../time/dates.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import { becauseBody, becauseText } from './because-body.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** The agent types that there are, and the agents of one sensor: with everything that a client needs to draw them. */
export function agentListOperations(workshop: Workshop): OperationTable {
  return {
    describeAgentTypes: (request) => describeAgentTypes(workshop, request),
    listAgents: (request) => {
      const { id } = workshop.twinOf(request);
      const lanes = workshop.lanes.of(id).toSorted((a, b) => placeOf(a) - placeOf(b));
      return lanes.map((lane) => agentBody(lane, request));
    },
  };
}

/** In the order of the command vector. */
const placeOf = ({ twin, agent }: AgentLane): number => twin.agents.indexOf(agent);

function describeAgentTypes({ agentTypes, limits }: Workshop, { locale }: ApiRequest): object[] {
  return agentTypes.names().flatMap((name) => {
    const host = agentTypes.get(name);
    if (host === undefined) return [];
    return [
      {
        agent_name: name,
        version: host.version,
        source: host.source,
        neutral: host.neutral,
        settings: completeSettings(host.settings, {}),
        controls: controlBodies(host.settings, locale),
        limits: tightest(host.limits, limits ?? {}),
      },
    ];
  });
}

function agentBody(lane: AgentLane, asker: ApiRequest): object {
  const { agent, guard } = lane;
  const host = lane.host();
  const { domain, agentName, version, value, until, job, because, decidedAt, wakeAt, settings } = agent;
  return {
    domain,
    agent_name: agentName,
    version: host?.version ?? version,
    parked: agent.parked,
    behind: agent.behind ?? null,
    value,
    neutral: lane.neutral(),
    until: dateOrNull(until),
    job:
      job === null
        ? null
        : { id: job.id, started_at: formatDate(job.startedAt), ends_at: formatDate(job.endsAt) },
    because: becauseBody(because),
    text: because === null ? null : becauseText(because, host, asker),
    decided_at: dateOrNull(decidedAt),
    wake_at: dateOrNull(wakeAt),
    settings,
    controls: host === undefined ? null : controlBodies(host.settings, asker.locale),
    limits: guard.limits,
    own_limits: agent.guard.limits ?? {},
    lockout: agent.guard.lockout ?? null,
  };
}

const dateOrNull = (at: number | null): string | null => (at === null ? null : formatDate(at));
