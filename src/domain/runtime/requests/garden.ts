import { formatDate } from '../../time/dates.ts';
import { fullReply } from './reply.ts';
import type { OperationTable, Workshop } from './requests.ts';

const PING_MS = 500;

/** Operations that concern no single sensor. */
export function gardenOperations(workshop: Workshop): OperationTable {
  const { store, twins, agentTypes } = workshop;
  return {
    health: async () => {
      const isHealthy = await workshop.within(store.ping(), PING_MS).then(
        () => true,
        () => false,
      );
      const body = {
        healthy: isHealthy,
        database_state: isHealthy ? 'HEALTHY' : 'TIMEOUT',
        sensor_count: Object.keys(twins).length,
        active_agents: agentTypes.names(),
      };
      return fullReply({ status: isHealthy ? 200 : 500, body });
    },

    listBrokers: () =>
      workshop.brokerStandings().map(({ name, serves, since, problem }) => ({
        name,
        serves,
        since: since === null ? null : formatDate(since),
        problem,
      })),

    metrics: async () =>
      fullReply({ body: await workshop.metrics(), type: 'text/plain; version=0.0.4; charset=utf-8' }),

    listAgentTypes: () => agentTypes.names(),

    listSensors: () =>
      Object.values(twins).map((twin) => ({
        id: twin.id,
        name: twin.name,
        last_seen: twin.lastSeen === null ? null : formatDate(twin.lastSeen),
        agents: twin.agents.map((agent) => ({ domain: agent.domain, agent_name: agent.agentName })),
      })),
  };
}
