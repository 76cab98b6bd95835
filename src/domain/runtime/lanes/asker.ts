import type { Locale } from '../../time/zones.ts';

/** Who asks: zone and language for texts and times of day. */
export interface Asker {
  readonly timeZone: string;
  readonly locale: Locale;
}

export const NOBODY: Asker = { timeZone: 'UTC', locale: 'en' };
