import type { AedesOptions, Client, PublishPacket, Subscription } from 'aedes';
import { isRipesOwn } from '../../domain/broker/topic-rules.ts';
import { MASTER_TOPIC, parseSensorTopic } from '../../domain/broker/topics.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { parseExpiringTopic } from '../mqtt/link/expiring-topic.ts';
import type { GuessLimiter } from '../wall/guess-limiter.ts';
import { type AccessRules, describeTopic, type PublishVerdict } from './access-rules.ts';
import { type Identities, loginHash } from './identities.ts';
import type { Listeners } from './listeners.ts';
import type { Expiring, SessionStore } from './session-store.ts';

type Hooks = Required<
  Pick<
    AedesOptions,
    'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'
  >
>;

/** Nobody can subscribe here: clients are not let, and wildcards do not match a topic that starts with `$`. */
const NOWHERE = '$ripe/dropped';

export interface ClientGuardOptions {
  readonly rules: AccessRules;
  readonly identities: Identities;
  readonly listeners: Listeners;
  readonly sessions: SessionStore;
  readonly guesses: GuessLimiter;
  /** Others than RIPE are not let in before. */
  readonly admission: Promise<void>;
  readonly clock: Clock;
  readonly keepAliveSeconds: number;
  addressOf(client: object): string;
  /** RIPE has logged in. */
  onRipe(client: Client): void;
  onRefused(client: Client, reason: string): void;
  /** A message is about to be sent to a client, on behalf of who published it. */
  onForward(publisherId: string | undefined, bytes: number): void;
}

/** Answers aedes's questions about who may do what. */
export class ClientGuard {
  readonly #options: ClientGuardOptions;

  constructor(options: ClientGuardOptions) {
    this.#options = options;
  }

  mayReceive(client: object, topic: string): boolean {
    const { identities, rules } = this.#options;
    return identities.isRipe(client) || (identities.accountOf(client) ?? rules).mayReceive(topic);
  }

  /** Whether a SUBSCRIBE of this connection was granted; a session must not remember any other topic. */
  isGranted(client: object, topic: string): boolean {
    return this.#options.identities.isRipe(client) || this.#options.listeners.has(client, topic);
  }

  hooks(): Hooks {
    const { admission, identities, onForward } = this.#options;
    return {
      preConnect: (client, packet, done) => {
        const { keepAliveSeconds: most, addressOf } = this.#options;
        // Zero is for ever [MQTT3 3.1.2-24]: then a connection whose client has vanished would stay.
        if (most > 0) packet.keepalive = Math.min(packet.keepalive || most, most);
        packet.clientId = identities.idFor(packet.username, packet.clientId, addressOf(client));
        done(null, true);
      },
      authenticate: (client, username, password, done) => {
        void this.#login(client, username, password).then((error) => {
          const answer = () => done(error, error === null);
          if (error !== null || identities.isRipe(client)) answer();
          else void admission.then(answer);
        });
      },
      authorizePublish: (client, packet, done) => {
        this.#publish(client, packet);
        done(null);
      },
      authorizeSubscribe: (client, subscription, done) => {
        void this.#subscribe(client, subscription).then((reason) => {
          if (reason !== null) this.#options.onRefused(client, reason);
          // null instead of an error: failure 128 for this filter only, and the connection stays.
          done(null, reason === null ? subscription : null);
        });
      },
      // Asked again for each message: the sensor may have been removed since the SUBSCRIBE, or its key changed.
      authorizeForward: (client, packet) => {
        if (!this.mayReceive(client, packet.topic)) return null;
        const { clientId } = packet as { clientId?: string };
        onForward(clientId, packet.payload.length);
        return packet;
      },
    };
  }

  async #login(client: Client, username: string | undefined, password: Buffer | undefined) {
    const { identities, sessions, addressOf, onRipe, onRefused } = this.#options;
    const error = await identities.login(client, username, password, addressOf(client));
    if (error !== null) onRefused(client, error.message);
    else {
      if (identities.isRipe(client)) onRipe(client);
      if (!client.clean) sessions.open(client.id, loginHash(username, password));
    }
    return error;
  }

  /** Null, or why not. */
  async #subscribe(client: Client, { topic }: Subscription): Promise<string | null> {
    const { identities, listeners } = this.#options;
    if (identities.isRipe(client)) return null;
    const refused = `subscribe to ${describeTopic(topic)}`;
    const isAllowed = await this.#isProven(client, topic);
    if (!isAllowed) return refused;
    const isShared = topic === MASTER_TOPIC || identities.accountOf(client) !== undefined;
    const reason = listeners.add(client, topic, isShared);
    return reason === null ? null : `${refused}: ${reason}`;
  }

  /** A grant tells whether a key is right: guesses are counted. */
  async #isProven(client: Client, topic: string): Promise<boolean> {
    const look = () => this.mayReceive(client, topic);
    const { guesses, identities, addressOf } = this.#options;
    const sensor = parseSensorTopic(topic)?.sensor;
    if (sensor === undefined || identities.accountOf(client) !== undefined) return look();
    return guesses.proves(String(sensor), addressOf(client), look);
  }

  /** Notes in RIPE's own message when it expires; aedes keeps that with every copy of the packet. */
  #dateExpiry(packet: PublishPacket & Expiring): void {
    const expiring = parseExpiringTopic(packet.topic);
    if (expiring === null) return;
    packet.topic = expiring.topic;
    packet.messageExpiry = this.#options.clock.now() + expiring.seconds * 1_000;
  }

  #publish(client: Client | null, packet: PublishPacket): void {
    if (client !== null && this.#options.identities.isRipe(client)) {
      this.#dateExpiry(packet);
      return;
    }
    // Only RIPE's vectors are retained.
    packet.retain = false;
    const verdict = this.#verdict(client, packet.topic);
    if (verdict === 'allowed') return;
    if (client !== null) this.#options.onRefused(client, `publish to ${describeTopic(packet.topic)}`);
    if (verdict === 'dropped') divert(packet);
  }

  #verdict(client: Client | null, topic: string): PublishVerdict {
    const { identities, rules, guesses, addressOf } = this.#options;
    if (client === null) return rules.publish(topic);
    const account = identities.accountOf(client);
    if (account !== undefined) return account.mayPublish(topic) && !isRipesOwn(topic) ? 'allowed' : 'dropped';
    const lock = String(parseSensorTopic(topic)?.sensor);
    const address = addressOf(client);
    if (guesses.isBlocked(lock, address)) return 'dropped';
    const verdict = rules.publish(topic);
    if (verdict === 'unproven') guesses.wrong(lock, address);
    return verdict;
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
