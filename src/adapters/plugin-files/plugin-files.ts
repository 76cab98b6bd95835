import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { isObject } from '../../domain/json.ts';
import { kindOf } from '../agents/plugin-kinds.ts';
import type { FoundPlugin } from './plugin-source.ts';

const MOST_FILES = 5_000;
/** They change with npm, which leaves its own mark. */
const NPM_MARK = path.join('node_modules', '.package-lock.json');
/** What the worker gets from the running RIPE, whatever a package brings along. */
const OWN = path.join('node_modules', '@ripe-iot', 'node-red-ripe');

/** One file of a plugin; `name` is relative to where the plugin lies. */
export interface PluginFile {
  readonly name: string;
  readonly path: string;
  readonly stats: Stats;
}

/** Changes whenever a file of the plugin does; what cannot be read is a signature of its own. */
export function signatureOf({ path: place, mark: installed }: FoundPlugin): string {
  try {
    const installedAt = installed === undefined ? undefined : installedMark(place, installed);
    if (installedAt !== undefined) return installedAt;
    const parts = filesOf(place, { withModules: false }).map(
      ({ name, stats }) => `${name}:${stats.size}:${stats.mtimeMs}:${stats.ino}`,
    );
    const mark = statSync(path.join(place, NPM_MARK), { throwIfNoEntry: false });
    return [...parts, mark?.mtimeMs ?? ''].join('|');
  } catch (error) {
    return `unreadable: ${String(error)}`;
  }
}

/** What npm has linked, as it does with a folder, it does not change. */
function installedMark(place: string, mark: string): string | undefined {
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) return undefined;
  const stats = statSync(mark, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `installed: ${stats.mtimeMs}:${stats.size}:${stats.ino}`;
}

/**
 * All files of a plugin, in a fixed order. Symbolic links are followed where they stay within the package: one that
 * leads out of it would bring along what nobody put there, and whose changes nobody would see.
 */
export function filesOf(place: string, options: { readonly withModules: boolean }): PluginFile[] {
  const stats = statSync(place);
  if (stats.isFile()) return [{ name: path.basename(place), path: place, stats }];
  if (!stats.isDirectory()) throw new Error('is neither a file nor a folder');
  const files: PluginFile[] = [];
  walk({ root: realpathSync(place), ...options, files }, realpathSync(place), '');
  return files;
}

interface Walk {
  readonly root: string;
  readonly withModules: boolean;
  readonly files: PluginFile[];
}

function walk(all: Walk, folder: string, prefix: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    const name = path.join(prefix, entry.name);
    if (isLeftOut(all, name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) requireInside(all.root, file, name);
    const stats = statSync(file);
    if (stats.isDirectory()) {
      if (entry.isSymbolicLink() && folder.startsWith(realpathSync(file)))
        throw new Error(`${name} is a link in a ring`);
      walk(all, file, name);
    } else if (stats.isFile()) all.files.push({ name, path: file, stats });
    if (all.files.length > MOST_FILES) throw new Error(`has more than ${MOST_FILES} files`);
  }
}

function isLeftOut({ withModules }: Walk, name: string): boolean {
  const base = path.basename(name);
  if (base === '.git' || base === '.bin') return true;
  return withModules ? name.endsWith(OWN) : base === 'node_modules';
}

function requireInside(root: string, file: string, name: string): void {
  if (!`${realpathSync(file)}${path.sep}`.startsWith(root + path.sep))
    throw new Error(`${name} is a link that leads out of the package`);
}

/** Where a plugin begins, relative to where it lies. */
export function entryOf({ path: place, entry }: FoundPlugin): string {
  if (statSync(place).isFile()) return path.basename(place);
  const main = entry ?? mainOf(place) ?? 'index.js';
  const found = statSync(path.join(place, main), { throwIfNoEntry: false });
  if (kindOf(main) === undefined || !found?.isFile())
    throw new Error(`${main} is no file that a plugin can begin with (main of package.json, else index.js)`);
  if (path.relative(place, path.resolve(place, main)).startsWith('..'))
    throw new Error(`${main} lies outside the package`);
  return main;
}

function mainOf(folder: string): string | null {
  const file = path.join(folder, 'package.json');
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return null;
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const main = isObject(manifest) ? manifest['main'] : null;
  return typeof main === 'string' ? main : null;
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
