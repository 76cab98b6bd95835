import { isOn, isRunning, phaseOf } from '../data/needs.ts';
import type { Agent } from '../data/shapes.ts';
import type { Format } from '../words/format.ts';
import type { Texts } from '../words/texts-en.ts';

/** Later than that after its end nobody has said that a run is over. */
const OVERDUE_MS = 3_000;

export type StateKind = 'on' | 'bad' | 'still';

export function kindOf(agent: Agent): StateKind {
  if (agent.locked_out || agent.parked || agent.ui.state === 'Error') return 'bad';
  return isOn(agent) ? 'on' : 'still';
}

/** What an agent is doing at `now` (ms UTC): of a run with what is left of it. */
export function stateText(
  agent: Agent,
  now: number,
  { words, format }: { readonly words: Texts; readonly format: Format },
): string {
  if (agent.locked_out) return words.warnings.lockedOut;
  if (agent.parked) return words.warnings.parked;
  const phase = phaseOf(agent.ui.state);
  if (phase === null) return words.state[agent.ui.state as 'Ready' | 'Disabled' | 'Error'];
  const doing = isRunning(agent) && agent.waiting ? words.waiting : words.phase[phase.phase];
  const left = phase.end - now;
  return `${doing} · ${left < -OVERDUE_MS ? words.overdue : words.left(format.countdown(left))}`;
}
