import { parseDescription } from '../../domain/agent/agent-check.ts';
import type { AgentEvent } from '../../domain/agent/agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView } from '../../domain/agent/agent-host.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { because, wireExplanations } from '../../domain/wires/explanations.ts';
import { renderWired } from '../../domain/wires/rendering.ts';
import type { WiredType } from '../../domain/wires/wired-type.ts';
import { limitsOf } from './limits.ts';

export type AskWires = (event: AgentEvent, view: AnyView) => Promise<AnyDecision>;

/** An agent type made of wires: every event is put on them, and what comes back is the decision. */
export function createWiresHost(type: WiredType, clock: Clock, ask: AskWires): AgentHost {
  const { name, version, settings, neutral, answerWithinMs } = type;
  parseDescription({ name, version, apiVersion: 1, settings, neutral, explanations: wireExplanations });
  return {
    name,
    version,
    source: 'wires',
    settings,
    neutral,
    limits: limitsOf(undefined),
    explanations: wireExplanations,
    start: () => ({}),
    decide(event, view) {
      // Events of one agent wait for each other: where readings come faster than answers, old ones are let go.
      const isOld = event.type === 'reading' && clock.now() - event.at > answerWithinMs;
      return isOld ? { because: because('overtaken') } : ask(event, view);
    },
    render: (view, reason) => renderWired(view, reason ?? null),
    migrate: (state) => state,
    stop: () => undefined,
  };
}
