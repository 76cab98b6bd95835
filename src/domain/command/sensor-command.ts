import type { Because } from '../agent/agent-contract.ts';
import type { AgentTwin } from '../sensor/twin.ts';

/**
 * How far a command has come. `sent`: the broker has it. The device says `acknowledged`, then what it really does:
 * `observed` where that is what it was told, else `failed`. `expired`: its job's end passed before any device said so.
 */
export const COMMAND_STATES = ['queued', 'sent', 'acknowledged', 'observed', 'failed', 'expired'] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

/** What a command tells one agent's actuator. */
export interface AgentCommand {
  readonly domain: string;
  readonly value: number;
  readonly neutral: number;
  /** When the device goes neutral by itself, ms UTC; null where the value is neutral. */
  until: number | null;
  /** `until` is a lease, renewed for as long as the value is held; else it is the end of a job or of its present phase. */
  readonly isLeased: boolean;
  /** When a hard limit ends what is held: no lease is renewed beyond it. Absent where none does. */
  holdEndsAt?: number;
  readonly because: Because | null;
}

/** One command to a sensor, all its agents at once, and what became of it. Plain JSON; times are ms UTC. */
export interface SensorCommand {
  readonly id: string;
  /** In which it was first sent. */
  readonly epoch: number;
  /** Counts the commands of the sensor. */
  readonly ordinal: number;
  readonly at: number;
  readonly agents: AgentCommand[];
  state: CommandState;
  stateAt: number;
  /** The values that the device has reported last, by domain. */
  observed: Readonly<Record<string, number>> | null;
  /** Of a failure. */
  reason: string | null;
}

/** How many commands of a sensor are kept. */
export const KEPT_COMMANDS = 32;

/** How long a held value lasts on a device that hears nothing more. */
export const LEASE_MS = 600_000;

/** What the agents of a twin are told now. `neutralOf` knows the value that is safe for an agent. */
export function agentCommands(
  agents: readonly AgentTwin[],
  neutralOf: (agent: AgentTwin) => number,
  now: number,
): AgentCommand[] {
  return agents.map((agent) => {
    const { domain, value, because } = agent;
    const neutral = neutralOf(agent);
    const isLeased = value !== neutral && agent.until === null;
    const lease = Math.min(now + LEASE_MS, agent.holdEndsAt ?? Number.POSITIVE_INFINITY);
    const until = value === neutral ? null : (agent.until ?? lease);
    const hold = isLeased && agent.holdEndsAt !== null ? { holdEndsAt: agent.holdEndsAt } : {};
    return { domain, value, neutral, until, isLeased, ...hold, because };
  });
}

/** Whether a later command asks the same of a device; that a lease lasts longer is no difference. */
export function isSameCommand(a: readonly AgentCommand[], b: readonly AgentCommand[]): boolean {
  return a.length === b.length && a.every((one, place) => isSameOf(one, b[place] as AgentCommand));
}

function isSameOf(a: AgentCommand, b: AgentCommand): boolean {
  return (
    a.domain === b.domain &&
    a.value === b.value &&
    a.neutral === b.neutral &&
    a.isLeased === b.isLeased &&
    (a.until === b.until || (a.isLeased && (b.until ?? 0) > (a.until ?? 0)))
  );
}

/** Makes a command last as long as one that asks the same now. */
export function renewCommand(command: readonly AgentCommand[], now: readonly AgentCommand[]): void {
  command.forEach((agent, place) => {
    const { until = null, holdEndsAt } = now[place] ?? {};
    agent.until = until;
    if (holdEndsAt === undefined) delete agent.holdEndsAt;
    else agent.holdEndsAt = holdEndsAt;
  });
}

/** When the first of its jobs ends; null where none runs. */
export function earliestEnd(agents: readonly AgentCommand[]): number | null {
  let earliest: number | null = null;
  for (const { until, isLeased } of agents) {
    if (!isLeased && until !== null && (earliest === null || until < earliest)) earliest = until;
  }
  return earliest;
}

/** Nobody has said yet that the device has it. */
export const isUnheard = ({ state }: SensorCommand): boolean => state === 'queued' || state === 'sent';
