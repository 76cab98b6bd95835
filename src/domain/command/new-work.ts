import type { AgentTwin } from '../sensor/twin.ts';
import type { AgentCommand } from './sensor-command.ts';

/** What an actuator does, or is to do; `endsAt` null: until somebody says otherwise. */
interface Doing {
  readonly value: number;
  readonly endsAt: number | null;
}

interface Told extends Doing {
  /** When a hard limit ends what was held, whatever is to follow it. */
  readonly holdEndsAt: number | null;
}

/** Whether an actuator is to do more than it was told: be on, be on with another value, or be on for longer. */
function isNewWork(wanted: Doing, told: Doing | undefined, neutral: number): boolean {
  if (wanted.value === neutral) return false;
  return told === undefined || told.value !== wanted.value || endOf(wanted) > endOf(told);
}

/** Whether a command asks more of any actuator than the one before it. */
export function asksMore(command: readonly AgentCommand[], former: readonly AgentCommand[]): boolean {
  return command.some((agent) => isNewWork(doingOf(agent), toldOf(agent.domain, former), agent.neutral));
}

/**
 * The agents as they were told last, where they are to do more by now; what has become neutral meanwhile, or ends
 * earlier, stays so. The same list where nothing is held back.
 */
export function withoutNewWork(
  agents: readonly AgentTwin[],
  former: readonly AgentCommand[],
  neutralOf: (agent: AgentTwin) => number,
  now: number,
): readonly AgentTwin[] {
  let isSame = true;
  const held = agents.map((agent) => {
    const told = toldOf(agent.domain, former);
    const neutral = neutralOf(agent);
    if (!isNewWork({ value: agent.value, endsAt: agent.until }, told, neutral)) return agent;
    isSame = false;
    const isOver = told === undefined || Math.min(endOf(told), told.holdEndsAt ?? now + 1) <= now;
    return isOver
      ? { ...agent, value: neutral, until: null }
      : { ...agent, value: told.value, until: told.endsAt, holdEndsAt: told.holdEndsAt };
  });
  return isSame ? agents : held;
}

function toldOf(domain: string, former: readonly AgentCommand[]): Told | undefined {
  const told = former.find((agent) => agent.domain === domain);
  return told === undefined ? undefined : { ...doingOf(told), holdEndsAt: told.holdEndsAt ?? null };
}

/** A lease has no end of its own: it is renewed for as long as the value is held. */
function doingOf({ value, until, isLeased }: AgentCommand): Doing {
  return { value, endsAt: isLeased ? null : until };
}

const endOf = ({ endsAt }: Doing): number => endsAt ?? Number.POSITIVE_INFINITY;
