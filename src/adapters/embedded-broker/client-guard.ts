import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AedesOptions, Client, PublishPacket } from 'aedes';
import type { Clock } from '../../domain/clock.ts';
import { parseExpiringTopic } from '../mqtt/expiring-topic.ts';
import { type AccessRules, describeTopic, type PublishVerdict } from './access-rules.ts';
import type { Account } from './account.ts';
import type { Expiring, SessionStore } from './session-store.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

type Hooks = Required<
  Pick<AedesOptions, 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'>
>;
type LoginError = Parameters<Parameters<Hooks['authenticate']>[3]>[0];

// CONNACK return codes [MQTT3 3.2.2.3]
const IDENTIFIER_REJECTED = 2;
const BAD_LOGIN = 4;

/** Nobody can subscribe here: clients are not let, and wildcards do not match a topic that starts with `$`. */
const NOWHERE = '$ripe/dropped';

export function randomCredentials(): Credentials {
  return {
    username: `ripe-${randomBytes(6).toString('hex')}`,
    password: randomBytes(24).toString('base64url'),
  };
}

/** Answers aedes's questions about who may do what. */
export class ClientGuard {
  readonly #rules: AccessRules;
  readonly #sessions: SessionStore;
  readonly #credentials: Credentials;
  readonly #admission: Promise<void>;
  readonly #accounts: readonly Account[];
  readonly #clock: Clock;
  readonly #onRefused: (client: Client, reason: string) => void;
  readonly #guests = new WeakMap<object, Account>();
  readonly #ripe = new WeakSet<object>();
  readonly #ripeIds = new Set<string>();

  constructor(options: {
    rules: AccessRules;
    sessions: SessionStore;
    credentials: Credentials;
    /** Others than RIPE are not let in before. */
    admission: Promise<void>;
    accounts: readonly Account[];
    clock: Clock;
    onRefused(client: Client, reason: string): void;
  }) {
    this.#rules = options.rules;
    this.#sessions = options.sessions;
    this.#credentials = options.credentials;
    this.#admission = options.admission;
    this.#accounts = options.accounts;
    this.#clock = options.clock;
    this.#onRefused = options.onRefused;
  }

  isRipe(client: object): boolean {
    return this.#ripe.has(client);
  }

  mayReceive(client: object, topic: string): boolean {
    return this.#ripe.has(client) || (this.#guests.get(client) ?? this.#rules).mayReceive(topic);
  }

  hooks(): Hooks {
    return {
      authenticate: (client, username, password, done) => {
        const error = this.#login(client, username, password);
        const answer = () => done(error, error === null);
        if (error !== null || this.#ripe.has(client)) answer();
        else void this.#admission.then(answer);
      },
      authorizePublish: (client, packet, done) => {
        this.#publish(client, packet);
        done(null);
      },
      authorizeSubscribe: (client, subscription, done) => {
        const isAllowed = this.mayReceive(client, subscription.topic);
        if (!isAllowed) this.#onRefused(client, `subscribe to ${describeTopic(subscription.topic)}`);
        // null instead of an error: failure 128 for this filter only, and the connection stays.
        done(null, isAllowed ? subscription : null);
      },
      // Asked again for each message: the sensor may have been removed since the SUBSCRIBE.
      authorizeForward: (client, packet) => (this.mayReceive(client, packet.topic) ? packet : null),
    };
  }

  #login(client: Client, username: string | undefined, password: Buffer | undefined): LoginError {
    const account = this.#accounts.find((each) => each.username === username);
    if (username === this.#credentials.username) {
      if (!isEqual(password, this.#credentials.password)) return this.#refuse(client, BAD_LOGIN);
      this.#ripe.add(client);
      this.#ripeIds.add(client.id);
    } else if (this.#ripeIds.has(client.id)) {
      // A client with our id would throw us out [MQTT3 3.1.4-2].
      return this.#refuse(client, IDENTIFIER_REJECTED);
    } else if (account !== undefined) {
      if (!isEqual(password, account.password)) return this.#refuse(client, BAD_LOGIN);
      this.#guests.set(client, account);
    }
    if (!client.clean) this.#sessions.open(client.id, loginHash(username, password));
    return null;
  }

  #refuse(client: Client, returnCode: typeof BAD_LOGIN | typeof IDENTIFIER_REJECTED): LoginError {
    const reason = returnCode === BAD_LOGIN ? 'wrong password' : 'this client id belongs to RIPE';
    this.#onRefused(client, reason);
    return Object.assign(new Error(reason), { returnCode });
  }

  /** Notes in RIPE's own message when it expires; aedes keeps that with every copy of the packet. */
  #dateExpiry(packet: PublishPacket & Expiring): void {
    const expiring = parseExpiringTopic(packet.topic);
    if (expiring === null) return;
    packet.topic = expiring.topic;
    packet.messageExpiry = this.#clock.now() + expiring.seconds * 1_000;
  }

  #publish(client: Client | null, packet: PublishPacket): void {
    if (client !== null && this.#ripe.has(client)) {
      this.#dateExpiry(packet);
      return;
    }
    // Only RIPE's vectors are retained.
    packet.retain = false;
    const verdict = this.#verdict(client, packet.topic);
    if (verdict === 'allowed') return;
    if (client !== null) this.#onRefused(client, `publish to ${describeTopic(packet.topic)}`);
    if (verdict === 'dropped') divert(packet);
  }

  #verdict(client: Client | null, topic: string): PublishVerdict {
    const account = client === null ? undefined : this.#guests.get(client);
    if (account === undefined) return this.#rules.publish(topic);
    return account.mayPublish(topic) ? 'allowed' : 'dropped';
  }
}

/**
 * An error from `authorizePublish` ends the connection, and the device would come back at once, again and again;
 * aedes has no way to acknowledge a message and drop it. So the message goes where nobody listens.
 */
function divert(packet: PublishPacket): void {
  packet.topic = NOWHERE;
  packet.payload = Buffer.alloc(0);
}

function isEqual(given: Buffer | undefined, expected: string): boolean {
  const right = Buffer.from(expected);
  return given !== undefined && given.length === right.length && timingSafeEqual(given, right);
}

function loginHash(username: string | undefined, password: Buffer | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([username ?? null, password?.toString('base64') ?? null]))
    .digest('base64');
}
