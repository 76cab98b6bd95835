import type { Because, Cut } from '../../agent/agent-contract.ts';
import type { AgentHost } from '../../agent/agent-host.ts';
import { fillIn } from '../../errors.ts';
import type { Asker } from '../lanes/asker.ts';
import { duration, told } from '../lanes/because-words.ts';
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
  asker: Asker,
): string {
  const { locale } = asker;
  const texts = { ...INTERVENTIONS[locale], ...host?.explanations[locale] };
  const template = Object.hasOwn(texts, code) ? texts[code] : undefined;
  if (template === undefined) return code;
  const words = Object.entries(params).map(([name, value]) => [name, told(name, value, asker)]);
  const text = fillIn(withDuration(template, params['seconds'], locale), Object.fromEntries(words));
  return template.startsWith('{metric}') ? asSentence(text) : text;
}

/** Agent types count in seconds, people do so up to a point. */
function withDuration(template: string, seconds: unknown, locale: Asker['locale']): string {
  return typeof seconds === 'number' ? template.replace('{seconds} s', duration(seconds, locale)) : template;
}

const asSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
