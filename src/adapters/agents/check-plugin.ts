import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryOf } from '../plugin-files/plugin-files.ts';
import { type TriedAgentType, tryPlugin } from './canary.ts';

/**
 * The check that RIPE makes before it takes a plugin: every function on samples, in a throwaway process. For a file or
 * a package folder; throws what is wrong first.
 */
export async function checkPlugin(place: string | URL): Promise<TriedAgentType> {
  const found = path.resolve(typeof place === 'string' ? place : fileURLToPath(place));
  const plugin = path.basename(found);
  const entry = entryOf({ plugin, source: 'folder', path: found });
  const isFolder = statSync(found).isDirectory();
  const file = isFolder ? path.join(found, entry) : found;
  return tryPlugin({ file, folder: isFolder ? found : path.dirname(found) }, 'folder', { plugin });
}
