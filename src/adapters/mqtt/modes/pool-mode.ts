import type { BrokerConnection } from '../link/broker-connection.ts';
import type { BrokerError } from '../link/broker-error.ts';
import type { Whereabouts } from '../whereabouts.ts';
import type { Service } from './service.ts';

/** What a mode decides: which brokers to be connected to, and which of them serve. */
export interface PoolMode {
  start(connections: readonly BrokerConnection[]): void;
  /** Another list, while running. */
  use(connections: readonly BrokerConnection[]): void;
  stop(): Promise<void>;
}

export interface ModeOptions {
  service: Service;
  onFailed(connection: BrokerConnection, error: BrokerError): void;
  /** The first wait after a failure. */
  retryMs: number;
  staggerMs: number;
  /** How long a preferred broker must have been steady before it serves again. */
  failBackMs: number;
  /** A broker is left when nothing has come from there for this long, and every sensor was heard elsewhere since. */
  quietMs: number;
  /** The same where sensors are left that were not. */
  longestQuietMs: number;
  readonly whereabouts: Whereabouts;
}
