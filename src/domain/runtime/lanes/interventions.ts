import type { Cut, Explanations } from '../../agent/agent-contract.ts';
import { LIMIT_NAMES } from '../../job/permit.ts';
import type { Locale } from '../../time/zones.ts';
import { duration } from './because-words.ts';

/** What RIPE itself decides about an agent, where its hard limits or its failures say so. */
export const INTERVENTIONS: Explanations = {
  en: {
    failed: 'Its code failed: {reason}',
    lockedOut: 'Locked out after {failures} failures in a row: {reason}',
    heldTooLong: 'Neutral: the value was held for as long as it may be.',
    budgetSpent: 'Neutral: the daily budget is spent.',
    ordered: 'A person has ordered a run of {seconds} s.',
    tightened: 'The running job is held to the limits of now.',
  },
  de: {
    failed: 'Sein Code ist gescheitert: {reason}',
    lockedOut: 'Gesperrt nach {failures} Fehlern in Folge: {reason}',
    heldTooLong: 'Neutral: Der Wert wurde so lange gehalten, wie er darf.',
    budgetSpent: 'Neutral: Das Tagesbudget ist aufgebraucht.',
    ordered: 'Ein Mensch hat einen Lauf von {seconds} s bestellt.',
    tightened: 'Für den laufenden Job gelten die Grenzen von jetzt.',
  },
};

const GERMAN: typeof LIMIT_NAMES = {
  longestRunMs: 'längster Lauf',
  shortestPauseMs: 'kürzeste Pause',
  dailyBudgetMs: 'Tagesbudget',
  longestHoldMs: 'längstes Halten',
  lockoutAfter: 'Sperre',
};

/** What a hard limit has taken from a decision, as a sentence after its reason. */
export function cutText({ limit, grantedMs }: Cut, locale: Locale): string {
  const granted = duration(Math.round(grantedMs / 1000), locale);
  if (locale === 'de') {
    return grantedMs === 0 ? `Abgelehnt (${GERMAN[limit]}).` : `Gekürzt auf ${granted} (${GERMAN[limit]}).`;
  }
  return grantedMs === 0 ? `Refused (${LIMIT_NAMES[limit]}).` : `Cut to ${granted} (${LIMIT_NAMES[limit]}).`;
}
