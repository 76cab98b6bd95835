import type { PluginInfo, RefusedVersion } from '../../agent/plugin.ts';
import type { PinBody, PluginBody } from '../../rest/bodies.ts';
import { formatDate } from '../../time/dates.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** How plugins stand, and what a person asks of them. Each change is answered with how they stand then. */
export function pluginOperations(workshop: Workshop): OperationTable {
  const { plugins } = workshop;
  const list = () => plugins.list().map((info) => pluginBody(workshop, info));
  return {
    listPlugins: list,
    rescanPlugins: async () => {
      await plugins.rescan();
      return list();
    },
    pinPlugin: async ({ body }) => {
      const { name, version } = body as PinBody;
      await plugins.pin(name, version);
      return list();
    },
    unpinPlugin: async ({ body }) => {
      await plugins.unpin((body as PluginBody).name);
      return list();
    },
    rollBackPlugin: async ({ body }) => {
      await plugins.rollBack((body as PluginBody).name);
      return list();
    },
  };
}

function pluginBody(workshop: Workshop, info: PluginInfo): object {
  const { plugin, source, name, version, health, isInService, isPinned, lastGood, refused } = info;
  const agents = [...workshop.lanes.all()].filter((lane) => {
    const host = lane.host();
    return host !== undefined && host.name === name && host.source === source;
  });
  return {
    plugin,
    source,
    name,
    version,
    health,
    in_service: isInService,
    pinned: isPinned,
    last_good: lastGood,
    agents: agents.length,
    agents_behind: agents.filter(({ agent }) => agent.behind !== undefined).length,
    refused: refused === null ? null : refusedBody(refused),
  };
}

function refusedBody({ version, reason, at }: RefusedVersion): object {
  return { version, reason, at: formatDate(at) };
}
