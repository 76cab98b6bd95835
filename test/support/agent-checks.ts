import type { AgentType } from '../../src/agent.ts';

/** Each code of a type in both languages, with the figures that its text names. */
export function explained<State, Settings>(type: AgentType<State, Settings>, locale: 'en' | 'de') {
  return Object.fromEntries(
    Object.entries(type.explanations[locale]).map(([code, text]) => [code, placeholders(text)]),
  );
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}
