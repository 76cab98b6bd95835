import path from 'node:path';
import type { AgentHost } from '../../domain/agent-host.ts';
import type { AgentRegistry } from './agent-registry.ts';
import { findPlugins } from './plugin-folder.ts';
import { createWorkerHost } from './worker-host.ts';

/** What became of one plugin. */
export interface PluginReport {
  readonly name: string;
  readonly version: string | null;
  readonly source: AgentHost['source'];
  /** Why it was refused. */
  readonly reason?: string;
}

/** Puts hosts in service; a later one of the same name supersedes an earlier one. */
export function register(registry: AgentRegistry, host: AgentHost): PluginReport {
  registry.put(host);
  return { name: host.name, version: host.version, source: host.source };
}

/** Loads every plugin of a drop-in folder. A bad one is reported, never fatal to the others. */
export async function loadFolder(registry: AgentRegistry, folder: string): Promise<PluginReport[]> {
  const reports: PluginReport[] = [];
  for (const file of await findPlugins(folder)) {
    try {
      reports.push(register(registry, await createWorkerHost(file, 'folder')));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reports.push({ name: path.basename(file), version: null, source: 'folder', reason });
    }
  }
  return reports;
}
