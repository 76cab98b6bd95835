import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AedesOptions, Client } from 'aedes';
import type { GuessLimiter } from '../wall/guess-limiter.ts';
import type { Account } from './account.ts';
import { LONGEST_CLIENT_ID, plainId, scopedId } from './client-ids.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type LoginError = Parameters<Parameters<NonNullable<AedesOptions['authenticate']>>[3]>[0];

// CONNACK return codes [MQTT3 3.2.2.3]
const IDENTIFIER_REJECTED = 2;
const BAD_LOGIN = 4;

export function randomCredentials(): Credentials {
  return {
    username: `ripe-${randomBytes(6).toString('hex')}`,
    password: randomBytes(24).toString('base64url'),
  };
}

export interface IdentityOptions {
  /** RIPE's own. */
  readonly credentials: Credentials;
  readonly accounts: readonly Account[];
  readonly guesses: GuessLimiter;
}

/** Who a client is: RIPE, a named account, or a sensor or app, which prove themselves by the key in their topics. */
export class Identities {
  readonly #options: IdentityOptions;
  readonly #accounts = new WeakMap<object, Account>();
  readonly #ripe = new WeakSet<object>();
  readonly #ripeIds = new Set<string>();

  constructor(options: IdentityOptions) {
    this.#options = options;
  }

  isRipe(client: object): boolean {
    return this.#ripe.has(client);
  }

  accountOf(client: object): Account | undefined {
    return this.#accounts.get(client);
  }

  /** The client id to go by; whether the login that it is taken for is right, is looked at later. */
  idFor(username: string | undefined, id: string, address: string): string {
    const { credentials, accounts } = this.#options;
    const hasLogin = username === credentials.username || accounts.some((each) => each.username === username);
    return scopedId(hasLogin ? `login ${username}` : address, id);
  }

  /** Null: come in. */
  async login(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    address: string,
  ): Promise<LoginError> {
    const id = plainId(client.id);
    if (id.length > LONGEST_CLIENT_ID) return refusal(IDENTIFIER_REJECTED, 'its client id is too long');
    const { credentials, accounts } = this.#options;
    if (username === credentials.username) {
      if (!(await this.#isRight(credentials, password, address))) return refusal(BAD_LOGIN, 'wrong password');
      this.#ripe.add(client);
      this.#ripeIds.add(id);
      return null;
    }
    if (this.#ripeIds.has(id)) return refusal(IDENTIFIER_REJECTED, 'this client id belongs to RIPE');
    const account = accounts.find((each) => each.username === username);
    if (account === undefined) return null;
    if (!(await this.#isRight(account, password, address))) return refusal(BAD_LOGIN, 'wrong password');
    this.#accounts.set(client, account);
    return null;
  }

  #isRight(login: Credentials, password: Buffer | undefined, address: string): Promise<boolean> {
    const look = () => isEqual(password, login.password);
    return this.#options.guesses.proves(`login ${login.username}`, address, look);
  }
}

/** For a session: that of another login must not be taken over. */
export function loginHash(username: string | undefined, password: Buffer | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([username ?? null, password?.toString('base64') ?? null]))
    .digest('base64');
}

function refusal(returnCode: typeof BAD_LOGIN | typeof IDENTIFIER_REJECTED, reason: string): LoginError {
  return Object.assign(new Error(reason), { returnCode });
}

/** The same work for every password, whatever its length. */
function isEqual(given: Buffer | undefined, expected: string): boolean {
  const digest = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(digest(given ?? ''), digest(expected)) && given !== undefined;
}
