import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Builds `dist/` where a file of it is missing or older than its source: `npm test` has built it already. */
export function ensureDist(): void {
  if (filesOf('nodes').every(isBuilt) && filesOf('src').every(isBuilt)) return;
  const { status } = spawnSync(process.execPath, [path.join(ROOT, 'scripts/build.js')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the build has failed');
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
}

function isBuilt(file: string): boolean {
  const built = statSync(path.join(ROOT, 'dist', file.replace(/\.ts$/, '.js')), { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs >= statSync(path.join(ROOT, file)).mtimeMs;
}
