import path from 'node:path';
import type { PluginEvent, PluginInfo } from '../../domain/plugin.ts';
import type { DeskEntry, PluginDesk } from './plugin-desk.ts';
import { findPlugins } from './plugin-folder.ts';
import { createWorkerHost } from './worker-host.ts';

/** Loads every plugin of a drop-in folder. A bad one is reported, never fatal to the others. */
export async function loadFolder(desk: PluginDesk, folder: string): Promise<void> {
  for (const file of await findPlugins(folder)) {
    const plugin = path.relative(folder, file).split(path.sep)[0] ?? file;
    try {
      const host = await createWorkerHost(file, 'folder', { plugin });
      try {
        desk.register(plugin, host);
      } catch (error) {
        host.stop();
        throw error;
      }
    } catch (error) {
      refuse(desk, plugin, error instanceof Error ? error.message : String(error));
    }
  }
}

function refuse(desk: PluginDesk, plugin: string, reason: string): void {
  if (!desk.has(plugin, 'folder')) desk.enter(new RefusedPlugin(plugin, reason));
  const event: PluginEvent = {
    kind: 'failed',
    name: plugin,
    version: null,
    source: 'folder',
    plugin,
    reason,
  };
  desk.tell(event);
}

class RefusedPlugin implements DeskEntry {
  readonly plugin: string;
  readonly source = 'folder';
  readonly #refused: PluginInfo['refused'];

  constructor(plugin: string, reason: string) {
    this.plugin = plugin;
    this.#refused = { version: null, reason, at: Date.now() };
  }

  info(): PluginInfo {
    const { plugin, source } = this;
    return {
      plugin,
      source,
      name: null,
      version: null,
      health: 'failed',
      isInService: false,
      isPinned: false,
      lastGood: null,
      refused: this.#refused,
    };
  }
}
