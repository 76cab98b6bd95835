import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CACHE = path.join(tmpdir(), 'ripe-tests-node-red-4.1');

/** The oldest Node-RED that package.json promises to work with, installed once per machine; its folder. */
export function installNodeRed4(): string {
  const folder = path.join(CACHE, 'node_modules/node-red');
  if (existsSync(folder)) return folder;
  // Made elsewhere and moved: an install that was broken off must not count.
  const fresh = mkdtempSync(path.join(tmpdir(), 'ripe-tests-install-'));
  mkdirSync(fresh, { recursive: true });
  writeFileSync(path.join(fresh, 'package.json'), '{"private":true}');
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--omit=optional',
    '--loglevel=error',
    'node-red@~4.1.0',
  ];
  const { status, stderr } = spawnSync('npm', args, { cwd: fresh, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error(`Node-RED 4.1 could not be installed from the registry: ${stderr}`);
  }
  rmSync(CACHE, { recursive: true, force: true });
  renameSync(fresh, CACHE);
  return folder;
}

// `npm test` has it ready before any test needs it.
if (import.meta.main) installNodeRed4();
