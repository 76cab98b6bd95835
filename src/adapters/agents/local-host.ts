import { parseDescription } from '../../domain/agent/agent-check.ts';
import type { AgentType } from '../../domain/agent/agent-contract.ts';
import type { AgentHost } from '../../domain/agent/agent-host.ts';
import type { Json } from '../../domain/json.ts';
import { limitsOf } from './limits.ts';

/** Runs an agent type in this thread: for those that ship with RIPE, which answer at once and are trusted. */
export function createLocalHost(agentType: AgentType<unknown, unknown>): AgentHost {
  const { name, version, settings, neutral, explanations } = parseDescription(agentType);
  return {
    name,
    version,
    source: 'shipped',
    settings,
    neutral,
    limits: limitsOf(agentType.limits),
    explanations,
    start: (chosen) => agentType.start(chosen) as Json,
    decide: (event, view) => agentType.decide(event, view) as ReturnType<AgentHost['decide']>,
    render: (view) => agentType.render(view),
    migrate: (state, from) => (agentType.migrate?.(state, from) ?? state) as Json,
    stop: () => undefined,
  };
}
