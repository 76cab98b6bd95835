import type { NodeAPI } from 'node-red';
import type { Account } from '../../src/adapters/embedded-broker/account.ts';
import { readAccounts } from '../../src/adapters/embedded-broker/accounts-file.ts';
import { attachWebSocket } from '../../src/adapters/embedded-broker/attach-web-socket.ts';
import {
  createEmbeddedBroker,
  type EmbeddedBroker,
} from '../../src/adapters/embedded-broker/embedded-broker.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { HomeAssistantSettings } from '../../src/domain/home-assistant/settings.ts';
import { mayHomeAssistantPublish, mayHomeAssistantReceive } from '../../src/domain/home-assistant/topics.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import type { ClientMessage } from '../shared/messages.ts';
import { addressOf } from '../shared/wall-settings.ts';
import { type EmbeddedBrokerConfig, parseEmbeddedBroker } from './config.ts';

const WAIT_FOR_POOL_MS = 5_000;

export default function register(RED: NodeAPI): void {
  defineNode<EmbeddedBrokerConfig, NodeService>(RED, {
    type: 'ripe-embedded-broker',
    parse: parseEmbeddedBroker,
    start,
  });
}

async function start(context: NodeContext<EmbeddedBrokerConfig>): Promise<NodeService> {
  const { RED, config, status, log } = context;
  const garden = requiredGarden(RED, config.garden);
  if (config.isUnused) {
    status('idle', 'unused');
    return {};
  }
  status('busy', 'starting');
  const presence = garden.attendance.attend('broker');
  try {
    const { broker, port } = await open(context, garden);
    const detach = config.hasWebSocket ? attach(RED, broker) : () => undefined;
    log.info(
      `MQTT clients are served on port ${port}${config.hasWebSocket ? ' and, over WebSocket, at /mqtt' : ''}`,
    );
    return {
      async stop() {
        presence.leaving();
        await garden.attendance.gone('runtime', 'runner', 'pool');
        garden.brokers.setEmbedded(null);
        detach();
        await broker.stop();
        presence.left();
      },
    };
  } catch (error) {
    presence.left();
    throw error;
  }
}

async function open(
  { RED, config, status, send, log }: NodeContext<EmbeddedBrokerConfig>,
  garden: Garden,
): Promise<{ broker: EmbeddedBroker; port: number }> {
  let clients = 0;
  let port = config.port;
  // Keys first: until they are there, every sensor would be refused.
  await garden.ready;
  const broker = createEmbeddedBroker({
    host: config.host,
    port: config.port,
    keys: garden.keys,
    // A broker without a pool serves others only: nobody is waited for.
    waitForRipeMs: garden.attendance.has('pool') ? WAIT_FOR_POOL_MS : 0,
    accounts: [
      ...homeAssistantAccount(garden.homeAssistant),
      ...readAccounts(config.accountsFile, (line) => log.warn(line)),
    ],
    limits: config.limits,
    guesses: garden.admission.guesses,
    addressOf: addressOf(RED),
    log: (line) => log.warn(line),
    onClient({ type, ...client }) {
      clients += type === 'connected' ? 1 : type === 'disconnected' ? -1 : 0;
      status('ok', 'listening', { port, clients });
      send({ topic: `client/${type}`, payload: { ...client, at: Date.now() } } satisfies ClientMessage);
    },
  });
  ({ port } = await broker.start());
  garden.brokers.setEmbedded({ port, ...broker.credentials });
  status('ok', 'listening', { port, clients });
  return { broker, port };
}

/** It may use what is for it, and nothing else. */
function homeAssistantAccount(settings: HomeAssistantSettings | null): Account[] {
  if (settings === null || settings.account === null) return [];
  const { account, prefix } = settings;
  return [
    {
      ...account,
      mayReceive: (topic) => mayHomeAssistantReceive(prefix, topic),
      mayPublish: (topic) => mayHomeAssistantPublish(prefix, topic),
    },
  ];
}

function attach(RED: NodeAPI, broker: EmbeddedBroker): () => void {
  const { httpNodeRoot } = RED.settings;
  return attachWebSocket(RED.server, {
    serve: (stream, request) => broker.serve(stream, request),
    ...(typeof httpNodeRoot === 'string' ? { httpNodeRoot } : {}),
  });
}
