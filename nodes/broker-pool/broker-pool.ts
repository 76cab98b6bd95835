import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/broker-address.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { parseBrokers } from '../../src/adapters/mqtt/parse-brokers.ts';
import type { Json } from '../../src/domain/json.ts';
import { defineNode, type NodeContext, type NodeService, textOf } from '../shared/define-node.ts';
import { findBrokers } from '../shared/find-brokers.ts';
import { optionalGarden } from '../shared/find-garden.ts';
import type { DeliveryMessage } from '../shared/messages.ts';
import { ripeSettings } from '../shared/settings.ts';
import { type BrokerPoolConfig, parseBrokerPool } from './config.ts';
import { toOutgoing } from './outgoing.ts';
import { OwnTopics } from './own-topics.ts';
import { openPool } from './running-pool.ts';
import { gardenTopics } from './subscriptions.ts';
import { changeTopics, parseTopicControl } from './topic-control.ts';

export default function register(RED: NodeAPI): void {
  defineNode<BrokerPoolConfig, NodeService>(RED, { type: 'ripe-broker-pool', parse: parseBrokerPool, start });
}

async function start(context: NodeContext<BrokerPoolConfig>): Promise<NodeService> {
  const { RED, config, node, send } = context;
  const garden = optionalGarden(RED, config.garden);
  let brokers = chooseBrokers(context, garden);
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
  let running = openPool(context, garden, brokers, session);
  const renew = async () => {
    // The setting RIPE_BROKERS does not change while Node-RED runs.
    if (config.useSettings && ripeSettings(RED).brokers) return;
    const chosen = chooseBrokers(context, garden);
    if (isSame(chosen, brokers)) return;
    brokers = chosen;
    const { stop } = running;
    await stop();
    running = openPool(context, garden, chosen, session);
  };
  // Node-RED does not make a node anew when only a config node out of a list has changed.
  const onDeployed = () => void renew().catch((error) => context.log.error(textOf(error)));
  RED.events.on('flows:started', onDeployed);
  return {
    async input(message) {
      const control = parseTopicControl(message);
      if (control === null) await publish(context, garden, running.pool, message);
      else if (control.action === 'getSubscriptions') {
        send(undefined, { ...message, topic: 'subscriptions', payload: ownTopics.list });
      } else await changeTopics(control, ownTopics, running.pool, gardenTopics(config, garden));
    },
    async stop() {
      RED.events.off('flows:started', onDeployed);
      presence?.leaving();
      await garden?.attendance.gone('runtime', 'runner');
      await running.stop();
      presence?.left();
    },
  };
}

/** Config nodes keep their definition for as long as they live. */
function isSame(a: readonly BrokerDefinition[], b: readonly BrokerDefinition[]): boolean {
  return a.length === b.length && a.every((broker, index) => broker === b[index]);
}

function chooseBrokers({ RED, config }: NodeContext<BrokerPoolConfig>, garden?: Garden): BrokerDefinition[] {
  const { brokers } = ripeSettings(RED);
  if (config.useSettings && brokers) return parseBrokers(brokers);
  return findBrokers(RED, config.brokers, garden);
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
    await pool.publish(toOutgoing(message, garden, config.publish));
    if (delivery !== undefined) report({ ok: true });
  } catch (error) {
    // Whoever asked for a report learns it there; everybody else by the node's error.
    if (delivery === undefined) throw error;
    report({ ok: false, reason: textOf(error) });
  }
}
