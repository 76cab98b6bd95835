import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { textOf } from '../../src/domain/errors.ts';
import type { Json } from '../../src/domain/json.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { optionalGarden } from '../shared/find-garden.ts';
import type { DeliveryMessage, SubscriptionsMessage } from '../shared/messages.ts';
import { ChosenBrokers } from './chosen-brokers.ts';
import { type BrokerPoolConfig, parseBrokerPool } from './config.ts';
import { OwnTopics } from './own-topics.ts';
import { publishMessage } from './publishing.ts';
import { openPool } from './running-pool.ts';
import { gardenTopics } from './subscriptions.ts';
import { changeTopics, parseTopicControl } from './topic-control.ts';

export default function register(RED: NodeAPI): void {
  defineNode<BrokerPoolConfig, NodeService>(RED, { type: 'ripe-broker-pool', parse: parseBrokerPool, start });
}

async function start(context: NodeContext<BrokerPoolConfig>): Promise<NodeService> {
  const { RED, config, node, send } = context;
  const garden = optionalGarden(RED, config.garden);
  const chosen = new ChosenBrokers(context, garden, (brokers) => running.use(brokers));
  const presence = garden?.attendance.attend('pool');
  try {
    await garden?.ready;
  } catch (error) {
    presence?.left();
    throw error;
  }
  const clientId = config.clientId ?? `ripe-${garden?.id ?? node.id}`;
  const ownTopics = new OwnTopics(clientId, config.topics);
  const session = { clientId, ownTopics };
  const running = openPool(context, garden, chosen.brokers, session);
  chosen.follow();
  return {
    async input(message) {
      const control = parseTopicControl(message);
      if (control === null) await publish(context, garden, running.pool, message);
      else if (control.action === 'getSubscriptions') {
        const answer: SubscriptionsMessage = { topic: 'subscriptions', payload: ownTopics.list };
        send(undefined, { ...message, ...answer });
      } else await changeTopics(control, ownTopics, running.pool, gardenTopics(config, garden));
    },
    async stop() {
      chosen.stop();
      presence?.leaving();
      await garden?.attendance.gone('runtime', 'runner');
      await running.stop();
      presence?.left();
    },
  };
}

async function publish(
  { send, config }: NodeContext<BrokerPoolConfig>,
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
    await publishMessage(message, pool, garden, config.publish);
    if (delivery !== undefined) report({ ok: true });
  } catch (error) {
    // Whoever asked for a report learns it there; everybody else by the node's error.
    if (delivery === undefined) throw error;
    report({ ok: false, reason: textOf(error) });
  }
}
