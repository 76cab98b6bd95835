import type { NodeAPI } from 'node-red';
import { shippedAgentTypes } from '../../plugins/index.ts';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import {
  loadFolder,
  type PluginReport,
  register as registerHost,
} from '../../src/adapters/agents/plugin-loading.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { fieldError } from '../../src/domain/errors.ts';
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
  status('busy', 'loading');
  for (const agentType of shippedAgentTypes)
    tell(context, registerHost(garden.agentTypes, createLocalHost(agentType)));
  const loading = loadDropIns(context, garden);
  garden.agentTypes.loading(loading);
  await loading;
  return {
    async input({ topic }) {
      if (topic !== 'plugin/rescan') throw fieldError('topic', 'must be plugin/rescan');
      await loadDropIns(context, garden);
    },
    async stop() {
      await garden.attendance.gone('runtime', 'runner');
      garden.agentTypes.clear();
    },
  };
}

async function loadDropIns(context: NodeContext<PluginLoaderConfig>, garden: Garden): Promise<void> {
  const reports = await loadFolder(garden.agentTypes, context.config.folder);
  for (const report of reports) tell(context, report);
  const failed = reports.filter((report) => report.reason !== undefined).length;
  const types = garden.agentTypes.names().length;
  if (failed > 0) context.status('warning', 'problems', { types, failed });
  else context.status('ok', 'ready', { types });
}

function tell({ send, log }: NodeContext<PluginLoaderConfig>, report: PluginReport): void {
  const { reason, name, version, source } = report;
  if (reason !== undefined) log.warn(`plugin ${name} is refused: ${reason}`);
  else if (source !== 'shipped') log.info(`plugin ${name} ${version} is loaded from the ${source}`);
  send({
    topic: reason === undefined ? 'plugin/loaded' : 'plugin/failed',
    payload: report,
  } satisfies PluginMessage);
}
