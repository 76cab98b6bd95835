import { BrokerError } from '../link/broker-error.ts';
import type { OutgoingMessage } from '../link/broker-link.ts';

/** A message on its way to one or several brokers. */
export class Parcel {
  readonly message: OutgoingMessage;
  /** false: whoever sends it cannot wait for a broker to come. */
  readonly mayWait: boolean;
  /** Resolves when a broker in service has it. */
  readonly delivered: Promise<void>;
  /** How many brokers it waits for or is under way to. */
  carriers = 0;
  /** By the clock of `performance.now`; null: it does not. */
  readonly expiresAt: number | null;
  readonly #resolve: () => void;
  readonly #reject: (error: BrokerError) => void;
  #isSettled = false;

  /** `expiresAt`: of a message whose time has begun earlier. */
  constructor(message: OutgoingMessage, mayWait: boolean, expiresAt = expiryOf(message)) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.message = message;
    this.mayWait = mayWait;
    this.delivered = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.expiresAt = expiresAt;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  get isExpired(): boolean {
    return this.expiresAt !== null && this.expiresAt <= performance.now();
  }

  /** As it is to be sent now: the time it has waited is taken off its expiry. */
  current(): OutgoingMessage {
    if (this.expiresAt === null) return this.message;
    return { ...this.message, expiry: Math.max(1, Math.ceil((this.expiresAt - performance.now()) / 1000)) };
  }

  arrived(): void {
    this.#isSettled = true;
    this.#resolve();
  }

  fail(error: BrokerError): void {
    this.#isSettled = true;
    this.#reject(error);
  }

  /** One broker less to wait for; the last one's reason counts. */
  drop(reason: BrokerError): void {
    this.carriers -= 1;
    if (this.carriers <= 0 && !this.#isSettled) this.fail(reason);
  }
}

function expiryOf({ expiry }: OutgoingMessage): number | null {
  return expiry === undefined ? null : performance.now() + expiry * 1000;
}

export const OVERTAKEN = new BrokerError('closed', 'a newer command of this sensor took its place');
export const EXPIRED = new BrokerError('timeout', 'its time was over before a broker could take it');
export const TOO_MANY = new BrokerError('closed', 'no broker is connected, and too many messages wait');
export const NOBODY = new BrokerError('closed', 'no broker is connected');
