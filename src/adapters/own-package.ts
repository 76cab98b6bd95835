import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const RIPE = '@ripe-iot/node-red-ripe';

/** The directory of this very package, built or not. */
export function ownPackage(): string {
  let folder = import.meta.dirname;
  while (!isOwn(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`${RIPE} does not find its own package.json`);
    folder = parent;
  }
  return folder;
}

function isOwn(manifest: string): boolean {
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === RIPE;
}
