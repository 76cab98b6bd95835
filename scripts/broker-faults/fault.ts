import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerMode } from '../../src/adapters/mqtt/broker-pool.ts';
import type { Place } from './place.ts';

export interface Fault {
  readonly name: string;
  readonly title: string;
  readonly mode: BrokerMode;
  readonly isSecure?: true;
  /** What is done to the broker in service, and to the other one. */
  strike(serving: Place, other: Place): Promise<void> | void;
  /** No acknowledged reading may be missing: of the brokers that acknowledged them, none forgets. */
  readonly losesNothing: boolean;
  /**
   * When RIPE must be served again: `killed` within a second, `silent` within one and a half keep-alives, `over` when the
   * fault is; `none`: it is served all the time.
   */
  readonly bound: 'killed' | 'silent' | 'over' | 'none';
}

const DOWN_MS = 3_000;

export const faults: readonly Fault[] = [
  {
    name: 'kill',
    title: 'kill -9',
    mode: 'failover',
    strike: ({ mosquitto }) => mosquitto.kill(),
    losesNothing: false,
    bound: 'killed',
  },
  {
    name: 'freeze',
    title: 'frozen (SIGSTOP)',
    mode: 'failover',
    strike: ({ mosquitto }) => mosquitto.freeze(),
    losesNothing: true,
    bound: 'silent',
  },
  {
    name: 'half-open',
    title: 'half-open TCP: nothing is carried, nothing is closed',
    mode: 'failover',
    strike: ({ proxy }) => proxy.freeze(),
    losesNothing: true,
    bound: 'silent',
  },
  {
    name: 'cut',
    title: 'the network cuts the connection',
    mode: 'failover',
    strike: ({ proxy }) => proxy.close(),
    losesNothing: true,
    bound: 'killed',
  },
  {
    name: 'slow',
    title: '300 ms delay and 20 kB/s',
    mode: 'failover',
    strike({ proxy }) {
      proxy.delay(300);
      proxy.throttle(20_000);
    },
    losesNothing: true,
    bound: 'none',
  },
  {
    name: 'restart',
    title: 'full restart without persistence',
    mode: 'failover',
    async strike({ mosquitto }) {
      await mosquitto.stop();
      await mosquitto.start();
    },
    losesNothing: false,
    bound: 'killed',
  },
  {
    name: 'both-down',
    title: 'both brokers down for 3 s',
    mode: 'failover',
    async strike(serving, other) {
      await Promise.all([serving.mosquitto.kill(), other.mosquitto.kill()]);
      await pause(DOWN_MS);
      await other.mosquitto.start();
    },
    losesNothing: false,
    bound: 'over',
  },
  {
    name: 'credentials',
    title: 'restarted with other credentials',
    mode: 'failover',
    strike: (serving) => serving.changeCredentials(),
    losesNothing: false,
    bound: 'killed',
  },
  {
    name: 'certificate',
    title: 'restarted with an expired certificate',
    mode: 'failover',
    isSecure: true,
    strike: (serving) => serving.expireCertificate(),
    losesNothing: false,
    bound: 'killed',
  },
  {
    name: 'all-kill',
    title: 'kill -9 of one of two',
    mode: 'all',
    strike: ({ mosquitto }) => mosquitto.kill(),
    losesNothing: true,
    bound: 'none',
  },
  {
    name: 'all-freeze',
    title: 'one of two frozen (SIGSTOP)',
    mode: 'all',
    strike: ({ mosquitto }) => mosquitto.freeze(),
    losesNothing: true,
    bound: 'none',
  },
];
