import path from 'node:path';
import type { NodeAPI } from 'node-red';
import { textField } from '../shared/fields.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';

export interface PluginLoaderConfig {
  readonly garden: unknown;
  readonly folder: string;
}

export function parsePluginLoader(def: Readonly<Record<string, unknown>>, RED: NodeAPI): PluginLoaderConfig {
  const folder = textField(def, 'folder') ?? ripeSettings(RED).pluginsDir ?? 'plugins';
  return { garden: def['garden'], folder: path.resolve(dataDirectory(RED), folder) };
}
