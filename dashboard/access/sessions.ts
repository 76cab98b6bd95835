import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export const SESSION_MS = 30 * 86_400_000;
/** More browsers than a garden has visitors; the oldest login goes. */
const MOST_SESSIONS = 200;

export interface SessionOptions {
  /** Where logins outlive a restart; null: they do not. The file holds hashes, never what a cookie says. */
  readonly file: string | null;
  /** Changes with the password: with it all logins of before end. */
  readonly credential: string;
  readonly now?: () => number;
}

/** Who is logged in: a random token each, known by its hash and good for 30 days. */
export class Sessions {
  readonly #file: string | null;
  readonly #credential: string;
  readonly #now: () => number;
  /** The end of each (ms UTC) by the hash of its token, oldest first. */
  readonly #ends: Map<string, number>;
  readonly #listeners = new Set<(hash: string) => void>();

  constructor({ file, credential, now = Date.now }: SessionOptions) {
    this.#file = file;
    this.#credential = hashOf(credential);
    this.#now = now;
    this.#ends = new Map(this.#load());
  }

  begin(): string {
    const token = randomBytes(32).toString('base64url');
    this.#prune();
    this.#ends.set(hashOf(token), this.#now() + SESSION_MS);
    this.#save();
    return token;
  }

  /** The name of a session that is good now; undefined for every other token. */
  find(token: string | undefined): string | undefined {
    if (token === undefined) return undefined;
    const hash = hashOf(token);
    return this.isGood(hash) ? hash : undefined;
  }

  isGood(hash: string): boolean {
    return (this.#ends.get(hash) ?? 0) > this.#now();
  }

  end(hash: string): void {
    if (!this.#ends.delete(hash)) return;
    this.#save();
    for (const listener of this.#listeners) listener(hash);
  }

  /** Tells of sessions that a person has ended. */
  onEnd(listener: (hash: string) => void): void {
    this.#listeners.add(listener);
  }

  #prune(): void {
    const now = this.#now();
    for (const [hash, end] of this.#ends)
      if (end <= now || this.#ends.size >= MOST_SESSIONS) this.#ends.delete(hash);
  }

  /** A file that is missing, broken or of another password: nobody is logged in. */
  #load(): [string, number][] {
    if (this.#file === null) return [];
    try {
      const kept = JSON.parse(readFileSync(this.#file, 'utf8')) as Partial<KeptSessions>;
      if (kept.credential !== this.#credential || !Array.isArray(kept.sessions)) return [];
      return kept.sessions.filter(isSession);
    } catch {
      return [];
    }
  }

  /** Never half written. */
  #save(): void {
    if (this.#file === null) return;
    const kept: KeptSessions = { credential: this.#credential, sessions: [...this.#ends] };
    writeFileSync(`${this.#file}.new`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

interface KeptSessions {
  readonly credential: string;
  readonly sessions: [string, number][];
}

function isSession(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');
