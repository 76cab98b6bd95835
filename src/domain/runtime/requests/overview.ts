import { dryLimit } from '../../sensor/dry-limit.ts';
import { agentBody, dataRowBody } from '../../sensor/status.ts';
import type { AgentTwin, Twin } from '../../sensor/twin.ts';
import { formatDate } from '../../time/dates.ts';
import type { Asker } from '../lanes/asker.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** Sensors at a glance: all that a card of each shows. */
export function overviewOperations(workshop: Workshop): OperationTable {
  return {
    gardenOverview: async (request) => ({
      brokers: workshop.brokers(request.host),
      sensors: await Promise.all(
        Object.values(workshop.twins).map((twin) => overviewOf(workshop, twin, request)),
      ),
    }),
    sensorOverview: (request) => overviewOf(workshop, workshop.twinOf(request), request),
  };
}

async function overviewOf({ lanes }: Workshop, twin: Twin, asker: Asker): Promise<object> {
  const { id, name, lastSeen, row } = twin;
  const agents = await Promise.all(
    twin.agents.map(async (agent) => {
      const lane = lanes.find(id, agent.domain);
      if (lane === undefined) return [];
      const ui = await lane.render(asker);
      return [{ ...agentBody(agent.domain, agent.agentName, ui), ...standing(agent, lane.neutral()) }];
    }),
  );
  return {
    id,
    name,
    last_seen: lastSeen === null ? null : formatDate(lastSeen),
    data: row === null ? null : dataRowBody(row),
    agents: agents.flat(),
    dry_below: dryLimit(twin.agents),
  };
}

function standing({ value, job, guard, parked }: AgentTwin, neutral: number): object {
  return {
    value,
    waiting: job !== null && value === neutral,
    locked_out: guard.lockout !== undefined,
    parked: parked !== null,
  };
}
