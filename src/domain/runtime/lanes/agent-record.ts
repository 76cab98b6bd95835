import type { AgentRecord } from '../../store.ts';
import type { AgentLane } from './agent-lane.ts';

/** What the store keeps of an agent. */
export function recordOf(lane: AgentLane): AgentRecord {
  const { domain, agentName, version, state, settings, wakeAt } = lane.agent;
  const guard = { ...lane.agent.guard, isIdle: !lane.isTaken };
  const value = lane.restingValue();
  const sensor = lane.twin.id;
  return { sensor, domain, agentName, version, state, settings, wakeAt, guard, value };
}

/** Whether two records of one agent say the same. */
export function isSameAgent(one: AgentRecord, other: AgentRecord): boolean {
  const { state, settings, guard = {}, ...plain } = one;
  const isPlainSame = Object.entries(plain).every(
    ([name, value]) => other[name as keyof AgentRecord] === value,
  );
  return (
    isPlainSame && isSameJson([state, settings, guard], [other.state, other.settings, other.guard ?? {}])
  );
}

function isSameJson(one: unknown[], other: unknown[]): boolean {
  return one.every(
    (each, index) => each === other[index] || JSON.stringify(each) === JSON.stringify(other[index]),
  );
}
