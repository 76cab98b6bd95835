import path from 'node:path';
import type { NodeAPI } from 'node-red';
import type { PluginHost } from '../../src/adapters/agents/plugin-kinds.ts';
import { choiceField, textField } from '../shared/fields.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';

export interface PluginLoaderConfig {
  readonly garden: unknown;
  readonly folder: string;
  /** Staged copies, and what is remembered of plugins. */
  readonly stagingFolder: string;
  /** Where JavaScript of plugins runs. */
  readonly pluginHost: PluginHost;
}

export function parsePluginLoader(def: Readonly<Record<string, unknown>>, RED: NodeAPI): PluginLoaderConfig {
  const folder = textField(def, 'folder') ?? ripeSettings(RED).pluginsDir ?? 'plugins';
  return {
    garden: def['garden'],
    folder: path.resolve(dataDirectory(RED), folder),
    pluginHost: choiceField({ ...ripeSettings(RED) }, 'pluginHost', ['process', 'thread']) ?? 'process',
    // Under the user directory, where the palette's node_modules are.
    stagingFolder: path.join(RED.settings.userDir ?? dataDirectory(RED), 'plugins.staged'),
  };
}
