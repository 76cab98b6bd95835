import type { RipeError } from '../../domain/errors.ts';

/** What whoever is refused had better do, as headers. */
export function advice({ status, params }: RipeError): Readonly<Record<string, string>> {
  switch (status) {
    case 401:
      return { 'www-authenticate': 'Bearer realm="RIPE"' };
    case 405:
      return { allow: String(params['methods']) };
    case 429:
      return { 'retry-after': String(params['seconds'] ?? 1) };
    default:
      return {};
  }
}
