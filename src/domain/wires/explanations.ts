import type { Because, Explanations } from '../agent/agent-contract.ts';
import { fillIn } from '../errors.ts';
import type { Locale } from '../time/zones.ts';

/** Why an agent made of wires did what it did, where its answer does not say so itself. */
export const wireExplanations = {
  en: {
    said: '{reason}',
    held: 'Set to {value}',
    run: 'Runs for {seconds} s',
    running: 'Runs already',
    planned: 'Runs a plan',
    cancelled: 'Run ended',
    unchanged: 'Nothing to do',
    noAnswer: 'No answer within {seconds} s',
    overtaken: 'Newer readings were waiting',
    gone: 'Its wires were taken away before they answered',
  },
  de: {
    said: '{reason}',
    held: 'Auf {value} gestellt',
    run: 'Läuft für {seconds} s',
    running: 'Läuft schon',
    planned: 'Führt einen Plan aus',
    cancelled: 'Lauf beendet',
    unchanged: 'Nichts zu tun',
    noAnswer: 'Keine Antwort innerhalb von {seconds} s',
    overtaken: 'Neuere Messungen warteten',
    gone: 'Seine Leitungen verschwanden, bevor sie geantwortet haben',
  },
} as const satisfies Explanations;

export type WireCode = keyof typeof wireExplanations.en;

export function because(code: WireCode, params?: Because['params']): Because {
  return params === undefined ? { code } : { code, params };
}

/** The reason in a language; a code that nobody has a text for is shown as it is. */
export function explain({ code, params = {} }: Because, locale: Locale): string {
  const texts: Readonly<Record<string, string>> = wireExplanations[locale];
  if (Object.hasOwn(texts, code)) return fillIn(texts[code] ?? code, params);
  return typeof params['reason'] === 'string' ? params['reason'] : code;
}
