import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/broker-address.ts';
import { type BrokerPool, createBrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { parseBrokers } from '../../src/adapters/mqtt/parse-brokers.ts';
import type { Json } from '../../src/domain/json.ts';
import { defineNode, type NodeContext, type NodeService, textOf } from '../shared/define-node.ts';
import { findBrokers } from '../shared/find-brokers.ts';
import { optionalGarden } from '../shared/find-garden.ts';
import type { BrokerMessage, DeliveryMessage } from '../shared/messages.ts';
import { ripeSettings } from '../shared/settings.ts';
import { type BrokerPoolConfig, parseBrokerPool } from './config.ts';
import { toOutgoing, withKey } from './outgoing.ts';
import { firstSubscriptions, followSensors } from './subscriptions.ts';

export default function register(RED: NodeAPI): void {
  defineNode<BrokerPoolConfig, NodeService>(RED, { type: 'ripe-broker-pool', parse: parseBrokerPool, start });
}

async function start(context: NodeContext<BrokerPoolConfig>): Promise<NodeService> {
  const { RED, config, status, node } = context;
  const garden = optionalGarden(RED, config.garden);
  const brokers = chooseBrokers(context, garden);
  const leave = garden?.attendance.attend('pool');
  try {
    await garden?.ready;
  } catch (error) {
    leave?.();
    throw error;
  }
  const pool = createPool(context, garden, brokers, config.clientId ?? `ripe-${garden?.id ?? node.id}`);
  const undo = garden === undefined ? [] : joinGarden(context, garden, pool);
  if (brokers.length === 0) status('warning', 'none');
  else status('busy', 'connecting', { broker: brokers[0]?.name ?? '' });
  pool.start();
  return {
    input: (message) => publish(context, garden, pool, message),
    async stop() {
      await garden?.attendance.gone('runtime', 'runner');
      for (const step of undo) step();
      garden?.brokers.serve([]);
      await pool.stop();
      leave?.();
    },
  };
}

function chooseBrokers({ RED, config }: NodeContext<BrokerPoolConfig>, garden?: Garden): BrokerDefinition[] {
  const { brokers } = ripeSettings(RED);
  if (config.useSettings && brokers) return parseBrokers(brokers);
  return findBrokers(RED, config.brokers, garden);
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
    subscriptions: firstSubscriptions(config.subscribe, garden),
    onMessage: (message) => send(message),
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
    undo.push(followSensors(garden, pool, (error) => log.warn(`subscribing to a sensor: ${textOf(error)}`)));
  }
  return undo;
}

async function publish(
  { send }: NodeContext<BrokerPoolConfig>,
  garden: Garden | undefined,
  pool: BrokerPool,
  message: Readonly<Record<string, unknown>>,
): Promise<void> {
  const delivery = message['delivery'] as Json | undefined;
  const report = (result: { ok: boolean; reason?: string }) => {
    const payload = { delivery: delivery ?? null, at: Date.now(), ...result };
    send(undefined, { topic: 'delivery', payload } satisfies DeliveryMessage);
  };
  try {
    await pool.publish(toOutgoing(message, garden));
    if (delivery !== undefined) report({ ok: true });
  } catch (error) {
    // Whoever asked for a report learns it there; everybody else by the node's error.
    if (delivery === undefined) throw error;
    report({ ok: false, reason: textOf(error) });
  }
}
