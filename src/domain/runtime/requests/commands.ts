import { type AgentCommand, KEPT_COMMANDS, type SensorCommand } from '../../command/sensor-command.ts';
import { formatDate } from '../../time/dates.ts';
import { becauseBody } from './because-body.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** What became of the newest commands of a sensor. */
export function sensorCommandOperations(workshop: Workshop): OperationTable {
  return {
    sensorCommands: async (request) => {
      const twin = workshop.twinOf(request);
      return (await workshop.store.sensorCommands(twin.id, KEPT_COMMANDS)).map(sensorCommandBody);
    },
  };
}

function sensorCommandBody(command: SensorCommand): object {
  const { id, epoch, at, agents, state, stateAt, observed, reason } = command;
  return {
    id,
    epoch,
    created_at: formatDate(at),
    state,
    state_at: formatDate(stateAt),
    agents: agents.map(agentCommandBody),
    observed,
    reason,
  };
}

/** What one agent's actuator is told. */
export function agentCommandBody(command: AgentCommand): object {
  const { domain, value, neutral, until, isLeased, because } = command;
  return {
    domain,
    value,
    neutral,
    until: until === null ? null : formatDate(until),
    leased: isLeased,
    because: becauseBody(because),
  };
}
