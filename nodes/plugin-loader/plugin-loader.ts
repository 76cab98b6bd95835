import type { NodeAPI } from 'node-red';
import { shippedAgentTypes } from '../../plugins/index.ts';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import { loadFolder } from '../../src/adapters/agents/plugin-loading.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { fieldError } from '../../src/domain/errors.ts';
import type { PluginEvent } from '../../src/domain/plugin.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import type { PluginMessage } from '../shared/messages.ts';
import { type PluginLoaderConfig, parsePluginLoader } from './config.ts';

export default function register(RED: NodeAPI): void {
  defineNode<PluginLoaderConfig, NodeService>(RED, {
    type: 'ripe-plugin-loader',
    parse: parsePluginLoader,
    start,
  });
}

async function start(context: NodeContext<PluginLoaderConfig>): Promise<NodeService> {
  const { RED, config, status } = context;
  const garden = requiredGarden(RED, config.garden);
  const { plugins, agentTypes } = garden;
  status('busy', 'loading');
  const tell = (event: PluginEvent) => report(context, event);
  const show = () => showStatus(context, garden);
  plugins.on('event', tell);
  const rescan = () => loadFolder(plugins, config.folder);
  const detach = plugins.attach({ rescan });
  registerShipped(garden);
  const loading = rescan();
  agentTypes.loading(loading);
  await loading;
  show();
  plugins.on('event', show);
  return {
    async input({ topic }) {
      if (topic !== 'plugin/rescan') throw fieldError('topic', 'must be plugin/rescan');
      await plugins.rescan();
      show();
    },
    stop() {
      detach();
      plugins.off('event', tell).off('event', show);
    },
  };
}

/** They stay in service when the loader alone is deployed anew. */
function registerShipped({ plugins }: Garden): void {
  for (const agentType of shippedAgentTypes) {
    if (plugins.has(agentType.name, 'shipped')) continue;
    plugins.register(agentType.name, createLocalHost(agentType));
  }
}

function showStatus({ status }: NodeContext<PluginLoaderConfig>, { plugins, agentTypes }: Garden): void {
  const failed = plugins.list().filter(({ health }) => health !== 'well').length;
  const types = agentTypes.names().length;
  if (failed > 0) status('warning', 'problems', { types, failed });
  else status('ok', 'ready', { types });
}

function report({ send, log }: NodeContext<PluginLoaderConfig>, { kind, ...payload }: PluginEvent): void {
  const { name, version, source, reason } = payload;
  if (kind === 'failed') log.warn(`plugin ${name} is refused: ${reason}`);
  else if (source !== 'shipped') log.info(`plugin ${name} ${version} of the ${source}: ${kind}`);
  send({ topic: `plugin/${kind}`, payload } satisfies PluginMessage);
}
