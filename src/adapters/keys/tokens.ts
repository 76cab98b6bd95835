import { timingSafeEqual } from 'node:crypto';

/** The tokens of a garden's configuration: the administrator's, and one for its metrics. null: nobody has it. */
export class Tokens {
  readonly #admin: string | null;
  readonly #metrics: string | null;

  constructor(admin: string | null, metrics: string | null) {
    this.#admin = admin;
    this.#metrics = metrics;
  }

  /** Without a token configured nobody is administrator. */
  isAdministrator(token: string | undefined): boolean {
    return isToken(token, this.#admin);
  }

  /** What opens the metrics may open nothing else; the administrator's opens them, too. */
  mayReadMetrics(token: string | undefined): boolean {
    return isToken(token, this.#metrics) || this.isAdministrator(token);
  }
}

/** In constant time. */
function isToken(given: string | undefined, expected: string | null): boolean {
  if (given === undefined || expected === null) return false;
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
