import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { ownPackage } from '../../own-package.ts';

/** Of RIPE: its code, built or not, and what that imports. Not the rest, where there may be data of a garden. */
const OWN_PARTS = ['package.json', 'dist', 'src', 'node_modules'];

/**
 * Flags that let the process of a plugin read the plugin's own folder, RIPE's code and what is installed, and do nothing
 * else with files, processes or native code.
 */
export function accessFlags(folder: string): string[] {
  const own = realpathSync(ownPackage());
  const place = realpathSync(folder);
  const modules = modulesAround(place);
  const readable = [
    place,
    ...OWN_PARTS.map((part) => path.join(own, part)),
    ...modules.filter((each) => !isWithin(place, each)),
    // RIPE itself may be linked, too: but its folder may hold what nobody is to read.
    ...modules.flatMap(linkedFrom).filter((target) => !isWithin(own, target)),
  ];
  return ['--permission', ...new Set(readable.map((each) => `--allow-fs-read=${each}`))];
}

/** Where Node.js looks for the modules that are imported from a folder. */
function modulesAround(folder: string): string[] {
  const parent = path.dirname(folder);
  const here = path.join(folder, 'node_modules');
  return parent === folder ? [here] : [here, ...modulesAround(parent)];
}

/** What lies elsewhere, as npm links a folder that is installed. */
function linkedFrom(modules: string): string[] {
  const entries = entriesOf(modules);
  const scopes = entries.filter((entry) => entry.name.startsWith('@') && entry.isDirectory());
  return [...entries, ...scopes.flatMap(({ name }) => entriesOf(path.join(modules, name)))].flatMap(
    (entry) => (entry.isSymbolicLink() ? targetOf(path.join(entry.parentPath, entry.name)) : []),
  );
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function targetOf(link: string): string[] {
  try {
    return [realpathSync(link)];
  } catch {
    return [];
  }
}

function isWithin(folder: string, place: string): boolean {
  return !path.relative(folder, place).startsWith('..');
}
