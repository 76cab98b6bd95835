import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/broker-address.ts';
import { type BrokerPool, createBrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { type NodeContext, textOf } from '../shared/define-node.ts';
import type { BrokerMessage } from '../shared/messages.ts';
import type { BrokerPoolConfig } from './config.ts';
import { keeping } from './keeping.ts';
import { withKey } from './outgoing.ts';
import { firstSubscriptions, followSensors, qosOf } from './subscriptions.ts';

/** A pool with what it does for its garden. */
export interface RunningPool {
  readonly pool: BrokerPool;
  stop(): Promise<void>;
}

/** Connects; the node's badge and second output follow. */
export function openPool(
  context: NodeContext<BrokerPoolConfig>,
  garden: Garden | undefined,
  brokers: readonly BrokerDefinition[],
  clientId: string,
): RunningPool {
  const pool = createPool(context, garden, brokers, clientId);
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
  { config, status, send, log }: NodeContext<BrokerPoolConfig>,
  garden: Garden | undefined,
  brokers: readonly BrokerDefinition[],
  clientId: string,
): BrokerPool {
  const tell = (topic: BrokerMessage['topic'], broker: string, reason?: string) => {
    const payload = { broker, at: Date.now(), ...(reason === undefined ? {} : { reason }) };
    send(undefined, { topic, payload } satisfies BrokerMessage);
  };
  return createBrokerPool({
    brokers,
    clientId,
    keepAliveSeconds: config.keepAliveSeconds,
    subscriptions: firstSubscriptions(config, garden),
    onMessage:
      config.ackAfterCommit && garden !== undefined ? keeping(garden, send) : (message) => send(message),
    onConnected(broker) {
      log.info(`connected to the broker ${broker.name}`);
      garden?.brokers.serve([broker]);
      status('ok', 'connected', { broker: broker.name });
      tell('broker/connected', broker.name);
    },
    onDisconnected(broker, reason) {
      log.warn(`lost the broker ${broker.name}: ${reason.message}`);
      garden?.brokers.serve([]);
      status('failed', 'disconnected', { reason: reason.message });
      tell('broker/disconnected', broker.name, reason.message);
    },
    onFailed(broker, reason) {
      status('failed', 'disconnected', { reason: reason.message });
      tell('broker/failed', broker.name, reason.message);
    },
  });
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
        pool.publish({ topic: withKey(topic, garden), payload: Buffer.from(payload), qos: 2, retain: true }),
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
