import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/address/broker-address.ts';
import {
  type BrokerPool,
  type BrokerPoolOptions,
  createBrokerPool,
} from '../../src/adapters/mqtt/broker-pool.ts';
import type { IncomingMessage } from '../../src/adapters/mqtt/link/broker-link.ts';
import { textOf } from '../../src/domain/errors.ts';
import type { NodeContext } from '../shared/define-node.ts';
import type { BrokerPoolConfig } from './config.ts';
import { clearFormerTopics } from './former-topics.ts';
import { keeping } from './keeping.ts';
import { EPOCH_SUBSCRIPTION, Mastership } from './mastership.ts';
import type { OwnTopics } from './own-topics.ts';
import { PoolBoard } from './pool-board.ts';
import { publishMessage } from './publishing.ts';
import { toReceived } from './received.ts';
import { followSensors, gardenTopics, isGardenTopic, qosOf } from './subscriptions.ts';

/** A pool with what it does for its garden. */
export interface RunningPool {
  readonly pool: BrokerPool;
  /** Another list of brokers; nothing that waits is lost. */
  use(brokers: readonly BrokerDefinition[]): void;
  stop(): Promise<void>;
}

/** What stays the same while brokers come and go. */
export interface PoolSession {
  readonly clientId: string;
  readonly ownTopics: OwnTopics;
}

/** Connects; the node's badge and second output follow. */
export function openPool(
  context: NodeContext<BrokerPoolConfig>,
  garden: Garden | undefined,
  brokers: readonly BrokerDefinition[],
  session: PoolSession,
): RunningPool {
  const board = new PoolBoard(context, garden);
  board.list(brokers);
  const pool = createPool(context, garden, brokers, session, board);
  const undo = garden === undefined ? [] : joinGarden(context, garden, pool);
  board.begin(brokers[0]);
  pool.start();
  return {
    pool,
    use(others) {
      board.list(others);
      pool.use(others);
      board.show(pool, '');
    },
    async stop() {
      for (const step of undo) step();
      board.mastership?.stop();
      garden?.brokers.serve([]);
      board.list([]);
      await pool.stop();
    },
  };
}

function createPool(
  context: NodeContext<BrokerPoolConfig>,
  garden: Garden | undefined,
  brokers: readonly BrokerDefinition[],
  { clientId, ownTopics }: PoolSession,
  board: PoolBoard,
): BrokerPool {
  const { config } = context;
  const mastership = garden === undefined ? null : new Mastership(context, garden, () => pool);
  board.mastership = mastership;
  const receive = receiver(context, garden);
  const pool = createBrokerPool({
    brokers,
    mode: config.mode,
    clientId,
    keepAliveSeconds: config.keepAliveSeconds,
    failBackMs: config.failBackSeconds * 1000,
    queuedAtMost: config.queuedAtMost,
    subscriptions: [
      ...ownTopics.list,
      ...gardenTopics(config, garden),
      ...(garden === undefined ? [] : [EPOCH_SUBSCRIPTION]),
    ],
    beforeService: () => mastership?.switched() ?? Promise.resolve(),
    onMessage: (message) => (mastership?.take(message) ? undefined : receive(message)),
    ...connectionNews(context, ownTopics, board, () => pool),
  });
  return pool;
}

/** What becomes of brokers that come and go. */
function connectionNews(
  { log }: NodeContext<BrokerPoolConfig>,
  ownTopics: OwnTopics,
  board: PoolBoard,
  pool: () => BrokerPool,
): Pick<BrokerPoolOptions, 'onConnected' | 'onDisconnected' | 'onFailed'> {
  return {
    onConnected(broker, isRestored) {
      const { leftOver } = ownTopics;
      if (leftOver.length > 0)
        pool()
          .unsubscribe(leftOver)
          .catch(() => undefined);
      log.info(`connected to the broker ${broker.name}`);
      board.mastership?.announce();
      board.mastership?.lookAround();
      board.show(pool(), '');
      board.tell('broker/connected', broker, isRestored ? { restored: true } : {});
    },
    onDisconnected(broker, { message: reason }) {
      log.warn(`lost the broker ${broker.name}: ${reason}`);
      board.show(pool(), reason);
      board.tell('broker/disconnected', broker, { reason });
    },
    onFailed(broker, { message: reason }) {
      board.show(pool(), reason);
      board.tell('broker/failed', broker, { reason });
    },
  };
}

/** What becomes of a received message; a promise withholds its acknowledgement. */
function receiver(
  { config, send, fail }: NodeContext<BrokerPoolConfig>,
  garden: Garden | undefined,
): (message: IncomingMessage) => unknown {
  const handOn = (message: IncomingMessage): void => {
    try {
      send(toReceived(message, config.output));
    } catch (error) {
      fail(error, message);
    }
  };
  if (garden === undefined) return handOn;
  const forGarden = config.ackAfterCommit ? keeping(garden, send) : send;
  // What a garden receives for itself stays as it came: a log line may well look like JSON.
  return (message) => (isGardenTopic(garden, message.topic) ? forGarden(message) : handOn(message));
}

/** What a pool does for its garden; the answer undoes it. */
function joinGarden(
  { config, log }: NodeContext<BrokerPoolConfig>,
  garden: Garden,
  pool: BrokerPool,
): (() => void)[] {
  const undo: (() => void)[] = [
    garden.lastWords.takenBy(async (words) => {
      // Nobody waits for a broker at the end.
      const sent = words.map((word) => publishMessage({ ...word }, pool, garden, config.publish, false));
      await Promise.allSettled(sent);
    }),
  ];
  undo.push(clearFormerTopics(garden, pool));
  if (config.subscribe === 'perSensor') {
    const failed = (error: unknown) => log.warn(`subscribing to a sensor: ${textOf(error)}`);
    undo.push(followSensors(garden, pool, qosOf(config.ackAfterCommit), failed));
  }
  return undo;
}
