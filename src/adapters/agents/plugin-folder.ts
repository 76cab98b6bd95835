import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { kindOf } from './plugin-kinds.ts';

/** The plugins of a folder: single modules, and package folders by the `main` of their package.json. */
export async function findPlugins(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found?.isDirectory()) files.push(await packageEntry(file));
    else if (kindOf(name) !== undefined) files.push(file);
  }
  return files;
}

/** Where a package folder says that it begins; loading it says what is wrong if nothing is there. */
async function packageEntry(folder: string): Promise<string> {
  const manifest = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}');
  return path.join(folder, mainOf(manifest));
}

function mainOf(manifest: string): string {
  try {
    const { main } = JSON.parse(manifest) as { main?: unknown };
    return typeof main === 'string' ? main : 'index.js';
  } catch {
    return 'index.js';
  }
}
