const known = new Map<string, boolean>();
const MOST_KNOWN = 1000;

/** X-TZ of a request: an IANA zone name; missing or unknown counts as UTC, never as an error (protocol §2). */
export function zoneOrUtc(name: string | undefined): string {
  return name !== undefined && isZone(name) ? name : 'UTC';
}

function isZone(name: string): boolean {
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  // Bare offsets such as +02:00 are accepted by Intl, but they are no IANA zones and know no clock change.
  const valid = name.length <= 64 && /^[A-Za-z]/.test(name) && isKnownToIntl(name);
  if (known.size < MOST_KNOWN) known.set(name, valid);
  return valid;
}

function isKnownToIntl(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export type Locale = 'en' | 'de';

/** The language of a request's Accept-Language header, by its weights; English where neither is asked for. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  if (acceptLanguage === undefined) return 'en';
  const asked = acceptLanguage
    .split(',', 32)
    .map((part, index) => {
      const [tag = '', ...params] = part.trim().toLowerCase().split(';');
      const weight = Number(
        params
          .find((p) => p.trim().startsWith('q='))
          ?.trim()
          .slice(2) ?? 1,
      );
      return { language: tag.trim().split('-')[0], weight: Number.isNaN(weight) ? 0 : weight, index };
    })
    .filter((range) => range.weight > 0 && (range.language === 'de' || range.language === 'en'))
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  return asked[0]?.language === 'de' ? 'de' : 'en';
}
