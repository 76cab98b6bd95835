import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/broker-address.ts';
import type { IncomingMessage } from '../../src/adapters/mqtt/broker-link.ts';
import { type BrokerPool, createBrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { parseSensorTopic } from '../../src/domain/topics.ts';
import { type NodeContext, textOf } from '../shared/define-node.ts';
import type { BrokerMessage } from '../shared/messages.ts';
import type { BrokerPoolConfig } from './config.ts';
import { keeping } from './keeping.ts';
import { withKey } from './outgoing.ts';
import type { OwnTopics } from './own-topics.ts';
import { toReceived } from './received.ts';
import { followSensors, gardenTopics, qosOf } from './subscriptions.ts';

/** A pool with what it does for its garden. */
export interface RunningPool {
  readonly pool: BrokerPool;
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
  const pool = createPool(context, garden, brokers, session);
  const undo = garden === undefined ? [] : joinGarden(context, garden, pool);
  if (brokers.length === 0) context.status('warning', 'none');
  else context.status('busy', 'connecting', { broker: brokers[0]?.name ?? '' });
  pool.start();
  return {
    pool,
    async stop() {
      for (const step of undo) step();
      garden?.brokers.serve([]);
      await pool.stop();
    },
  };
}

function createPool(
  context: NodeContext<BrokerPoolConfig>,
  garden: Garden | undefined,
  brokers: readonly BrokerDefinition[],
  { clientId, ownTopics }: PoolSession,
): BrokerPool {
  const { config, status, send, log } = context;
  const tell = (
    topic: BrokerMessage['topic'],
    broker: string,
    more: { reason?: string; restored?: true },
  ) => {
    send(undefined, { topic, payload: { broker, at: Date.now(), ...more } } satisfies BrokerMessage);
  };
  /** REST and the badge follow the brokers in service. */
  const show = (reason: string) => {
    const { inService } = pool;
    garden?.brokers.serve(inService);
    if (inService.length === 0) status('failed', 'disconnected', { reason });
    else if (config.mode === 'all') status('ok', 'several', { count: inService.length, of: brokers.length });
    else status('ok', 'connected', { broker: inService[0]?.name ?? '' });
  };
  const pool = createBrokerPool({
    brokers,
    mode: config.mode,
    clientId,
    keepAliveSeconds: config.keepAliveSeconds,
    failBackMs: config.failBackSeconds * 1000,
    queuedAtMost: config.queuedAtMost,
    subscriptions: [...ownTopics.list, ...gardenTopics(config, garden)],
    onMessage: receiver(context, garden),
    onConnected(broker, isRestored) {
      const { leftOver } = ownTopics;
      if (leftOver.length > 0) pool.unsubscribe(leftOver).catch(() => undefined);
      log.info(`connected to the broker ${broker.name}`);
      show('');
      tell('broker/connected', broker.name, isRestored ? { restored: true } : {});
    },
    onDisconnected(broker, reason) {
      log.warn(`lost the broker ${broker.name}: ${reason.message}`);
      show(reason.message);
      tell('broker/disconnected', broker.name, { reason: reason.message });
    },
    onFailed(broker, reason) {
      show(reason.message);
      tell('broker/failed', broker.name, { reason: reason.message });
    },
  });
  return pool;
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
  return (message) => (parseSensorTopic(message.topic) === null ? handOn(message) : forGarden(message));
}

/** What a pool does for its garden; the answer undoes it. */
function joinGarden(
  { config, log }: NodeContext<BrokerPoolConfig>,
  garden: Garden,
  pool: BrokerPool,
): (() => void)[] {
  const undo = [
    garden.takeLastWords(async (words) => {
      const sent = words.map(({ topic, payload }) =>
        pool.publish(
          { topic: withKey(topic, garden), payload: Buffer.from(payload), qos: 2, retain: true },
          // Nobody waits for a broker at the end.
          false,
        ),
      );
      await Promise.allSettled(sent);
    }),
  ];
  if (config.subscribe === 'perSensor') {
    const failed = (error: unknown) => log.warn(`subscribing to a sensor: ${textOf(error)}`);
    undo.push(followSensors(garden, pool, qosOf(config.ackAfterCommit), failed));
  }
  return undo;
}
