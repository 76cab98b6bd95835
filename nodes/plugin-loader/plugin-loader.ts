import type { NodeAPI } from 'node-red';
import { shippedAgentTypes } from '../../plugins/index.ts';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { DropInFolder } from '../../src/adapters/plugin-files/drop-in-folder.ts';
import { FilePlugins } from '../../src/adapters/plugin-files/file-plugins.ts';
import type { AgentHost } from '../../src/domain/agent/agent-host.ts';
import { BY_REQUEST, type PluginEvent } from '../../src/domain/agent/plugin.ts';
import { textOf } from '../../src/domain/errors.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import type { PluginMessage } from '../shared/messages.ts';
import { type PluginLoaderConfig, parsePluginLoader } from './config.ts';
import { carryOut } from './orders.ts';
import { followPalette } from './palette-hooks.ts';
import { PalettePackages } from './palette-packages.ts';

type Context = NodeContext<PluginLoaderConfig>;

export default function register(RED: NodeAPI): void {
  defineNode<PluginLoaderConfig, NodeService>(RED, {
    type: 'ripe-plugin-loader',
    parse: parsePluginLoader,
    start,
  });
}

async function start(context: Context): Promise<NodeService> {
  const { RED, config, status } = context;
  const garden = requiredGarden(RED, config.garden);
  const { plugins, agentTypes } = garden;
  status('busy', 'loading');
  const files = filePluginsOf(context, garden);
  const tell = (event: PluginEvent) => report(context, garden, event);
  const show = () => showStatus(context, garden);
  plugins.on('event', tell);
  registerShipped(garden);
  const packages = new PalettePackages(RED);
  const loading = files.start([new DropInFolder(config.folder), packages]);
  agentTypes.loading(loading);
  const detach = plugins.attach(files);
  const unfollow = followPalette(RED, packages, () => files.look());
  await loading;
  show();
  plugins.on('event', show);
  return {
    input: (message) => carryOut(plugins, message),
    async stop() {
      unfollow();
      detach();
      await files.stop();
      plugins.off('event', tell).off('event', show);
    },
  };
}

/** They outlive a deploy of the loader alone: running agents keep their code. */
function filePluginsOf({ config, log }: Context, garden: Garden): FilePlugins {
  garden.filePlugins ??= new FilePlugins({
    desk: garden.plugins,
    registry: garden.agentTypes,
    folder: config.stagingFolder,
    clock: systemClock,
    hosting: { pluginHost: config.pluginHost },
    onLog: (plugin, line) => log.info(`plugin ${plugin}: ${line}`),
    onError: (error) => log.error(`plugins cannot be looked for: ${textOf(error)}`),
    onUnwritten: (error) => log.error(textOf(error)),
  });
  return garden.filePlugins;
}

function registerShipped({ plugins }: Garden): void {
  for (const agentType of shippedAgentTypes) {
    if (plugins.has(agentType.name, 'shipped')) continue;
    plugins.register(agentType.name, createLocalHost(agentType));
  }
}

function showStatus({ status }: Context, { plugins, agentTypes }: Garden): void {
  const failed = plugins.list().filter(({ health }) => health !== 'well').length;
  const types = agentTypes.names().length;
  if (failed > 0) status('warning', 'problems', { types, failed });
  else status('ok', 'ready', { types });
}

function report({ send, log }: Context, { agentTypes }: Garden, { kind, ...payload }: PluginEvent): void {
  const { name, version, source, plugin, former, reason } = payload;
  const who = `plugin ${name} (${plugin} of the ${source})`;
  if (kind === 'failed') log.warn(`${who} is refused: ${reason}`);
  else if (kind === 'rolledBack') {
    const text = `${who}: version ${former} is rolled back to ${version ?? 'none'}`;
    if (reason === BY_REQUEST) log.info(`${text} by request`);
    else log.error(`${text}: ${reason}`);
  } else if (kind === 'retired') log.info(`${who} is gone${consequence(agentTypes.get(name), version)}`);
  else if (source !== 'shipped')
    log.info(`${who}: version ${version} ${kind === 'updated' ? 'takes over' : `is ${kind}`}`);
  send({ topic: `plugin/${kind}`, payload } satisfies PluginMessage);
}

/** What its agents do from now on. One that was never in service has none. */
function consequence(heir: AgentHost | undefined, version: string | null): string {
  if (heir !== undefined) return `: the ${heir.source} one decides now`;
  return version === null ? '' : ': its agents rest until it comes back';
}
