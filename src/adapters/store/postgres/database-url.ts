import { RipeError } from '../../../domain/errors.ts';

const HIDDEN = '***';

/** The URL of a PostgreSQL database, which nobody sees with its password. */
export class DatabaseUrl {
  /** For messages: without password and options. */
  readonly shown: string;
  readonly #url: URL;

  constructor(text: string) {
    // The parser's own error holds the text: it goes no further.
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
      throw invalid('it is to be a URL like postgres://user:password@host:5432/database');
    }
    if (/@/.test(url.pathname + url.hash)) {
      throw invalid('percent-encode what is no letter or digit in its password, such as / as %2F');
    }
    this.#url = url;
    const user = url.username === '' ? '' : `${url.username}@`;
    this.shown = `postgres://${user}${url.host}${url.pathname}`;
  }

  /** With its password, for the driver. */
  get secret(): string {
    return this.#url.href;
  }

  /** The environment variables of PostgreSQL's own programs: an argument would show in the list of processes. */
  get environment(): Record<string, string> {
    const { hostname, port, username, pathname, searchParams } = this.#url;
    const values: Record<string, string> = {
      PGHOST: searchParams.get('host') ?? hostname.replace(/^\[|\]$/g, ''),
      PGPORT: searchParams.get('port') ?? port,
      PGUSER: searchParams.get('user') ?? decodeURIComponent(username),
      PGPASSWORD: this.#password,
      PGDATABASE: decodeURIComponent(pathname.slice(1)),
      PGSSLMODE: searchParams.get('sslmode') ?? '',
      PGSSLROOTCERT: searchParams.get('sslrootcert') ?? '',
      PGSSLCERT: searchParams.get('sslcert') ?? '',
      PGSSLKEY: searchParams.get('sslkey') ?? '',
    };
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  }

  /** A text that may come from anywhere, without the password. */
  hide(text: string): string {
    const encoded = this.#url.password;
    return [this.#password, encoded]
      .filter((secret) => secret !== '')
      .reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
  }

  get #password(): string {
    return this.#url.searchParams.get('password') ?? decodeURIComponent(this.#url.password);
  }
}

function invalid(reason: string): RipeError {
  return new RipeError('RIPE_STORE_UNREACHABLE', { database: 'RIPE_DATABASE_URL', reason });
}
