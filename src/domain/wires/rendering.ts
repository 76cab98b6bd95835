import type { Because } from '../agent/agent-contract.ts';
import type { AnyView } from '../agent/agent-host.ts';
import type { AgentUi } from '../agent/agent-ui.ts';
import { localTime } from '../time/local-time.ts';
import type { Locale } from '../time/zones.ts';
import { explain } from './explanations.ts';

const LONGEST = 1_000;

const TEXTS = {
  en: { off: 'off', on: 'on', until: 'until', none: 'not asked yet' },
  de: { off: 'aus', on: 'an', until: 'bis', none: 'noch nicht gefragt' },
} as const;

/** The face of every agent made of wires: what its actuator holds, until when, and the last reason. */
export function renderWired(view: AnyView, reason: Because | null): AgentUi {
  const { job, locale } = view;
  const told = reason === null ? TEXTS[locale].none : explain(reason, locale);
  return {
    decorator: { Text: null },
    state: job === null ? 'Ready' : { Executing: job.endsAt },
    rendered: [doing(view), told].join(' · ').slice(0, LONGEST),
  };
}

function doing({ value, job, locale, timeZone }: AnyView): string {
  const held = valueText(value, locale);
  return job === null ? held : `${held} ${TEXTS[locale].until} ${clockText(job.endsAt, timeZone)}`;
}

function valueText(value: number, locale: Locale): string {
  if (value === 0) return TEXTS[locale].off;
  return value === 1 ? TEXTS[locale].on : String(value);
}

function clockText(at: number, zone: string): string {
  const { hour, minute, second } = localTime(at, zone);
  return [hour, minute, second].map((part) => String(part).padStart(2, '0')).join(':');
}
