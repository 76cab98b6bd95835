import { parseDescription } from '../../../domain/agent/agent-check.ts';
import type { AgentType } from '../../../domain/agent/agent-contract.ts';
import { type Behaviour, replay, type Trial } from '../../../domain/agent-bench/what-if.ts';
import type { AgentCall } from './worker-protocol.ts';
import type { ServedAgentType } from './worker-service.ts';

/** Runs in a worker: replays recorded readings through the agent type that it serves. */
export function replayServed(served: ServedAgentType, trial: Trial): Behaviour {
  // Each call gets data of its own, as always: the workbench freezes what it gives, which agent types need not bear.
  const call = (asked: AgentCall) => served.call(structuredClone(asked));
  return replay(agentTypeOf({ describe: () => served.describe(), call }), trial);
}

/** What is served by calls, as an agent type again. */
export function agentTypeOf<State, Settings extends object>(
  served: ServedAgentType,
): AgentType<State, Settings> {
  const call = (asked: object) => served.call(asked as AgentCall) as never;
  return {
    ...(parseDescription(served.describe()) as AgentType<State, Settings>),
    start: (settings) => call({ fn: 'start', settings }),
    decide: (event, view) => call({ fn: 'decide', event, view }),
    render: (view) => call({ fn: 'render', view }),
    migrate: (state, fromVersion) => call({ fn: 'migrate', state, fromVersion }),
  };
}
