import type { AgentRecord } from '../store.ts';

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
