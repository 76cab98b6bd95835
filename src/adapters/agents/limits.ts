import type { Limits } from '../../domain/agent-contract.ts';

const DAY_MS = 86_400_000;

/** No job of any agent runs longer than a day, whatever its type says. */
export function limitsOf(asked: Partial<Limits> | undefined): Limits {
  return { longestRunMs: Math.min(asked?.longestRunMs ?? DAY_MS, DAY_MS) };
}
