// What the system tests need beside Node.js: installed through apt where that is allowed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Debian package -> a program that it brings. */
const NEEDED = {
  mosquitto: 'mosquitto',
  'mosquitto-clients': 'mosquitto_pub',
  curl: 'curl',
  openssl: 'openssl',
  postgresql: 'initdb',
  chromium: 'chromium',
};

/** Debian keeps the programs of a PostgreSQL server apart, by version. */
const POSTGRES = '/usr/lib/postgresql';

function postgresFolders() {
  return existsSync(POSTGRES)
    ? readdirSync(POSTGRES).map((version) => path.join(POSTGRES, version, 'bin'))
    : [];
}

function isThere(program) {
  const folders = [...`${process.env.PATH ?? ''}:/usr/sbin:/usr/bin`.split(':'), ...postgresFolders()];
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missingPackages() {
  return Object.entries(NEEDED)
    .filter(([, program]) => !isThere(program))
    .map(([name]) => name);
}

function apt(...args) {
  const isRoot = process.getuid?.() === 0;
  const command = isRoot ? ['apt-get', ...args] : ['sudo', '-n', 'apt-get', ...args];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command[0], command.slice(1), { stdio: 'inherit', env }).status === 0;
}

/** Installs what is missing; returns the packages that are still not there. */
export function installMissing() {
  const missing = missingPackages();
  if (missing.length === 0 || !isThere('apt-get')) return missing;
  console.log(`=== installing ${missing.join(', ')}`);
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
  return missingPackages();
}
