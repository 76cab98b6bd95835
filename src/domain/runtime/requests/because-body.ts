import type { Because, Cut } from '../../agent/agent-contract.ts';
import type { AgentHost } from '../../agent/agent-host.ts';
import { fillIn } from '../../errors.ts';
import type { Locale } from '../../time/zones.ts';
import { INTERVENTIONS } from '../lanes/interventions.ts';

/** A reason as REST shows it. */
export function becauseBody(because: Because | null | undefined): object | null {
  return because == null ? null : { code: because.code, params: because.params ?? {} };
}

/** What a hard limit has taken, as REST shows it. */
export function cutBody(cut: Cut | undefined): object | null {
  return cut === undefined ? null : { limit: cut.limit, asked_ms: cut.askedMs, granted_ms: cut.grantedMs };
}

/** Codes come from agent types: one that has gone, or has forgotten an old code, leaves the code itself. */
export function becauseText(
  { code, params = {} }: Because,
  host: AgentHost | undefined,
  locale: Locale,
): string {
  const texts = { ...INTERVENTIONS[locale], ...host?.explanations[locale] };
  const template = Object.hasOwn(texts, code) ? texts[code] : undefined;
  return template === undefined ? code : fillIn(template, params);
}
