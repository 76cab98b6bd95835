// What the system tests need beside Node.js: installed through apt where that is allowed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Debian package -> a program or library that it brings. */
const NEEDED = {
  mosquitto: 'mosquitto',
  'mosquitto-clients': 'mosquitto_pub',
  curl: 'curl',
  openssl: 'openssl',
  postgresql: 'initdb',
  chromium: 'chromium',
  libfaketime: 'libfaketime.so.1',
};

/** Debian keeps the programs of a PostgreSQL server apart, by version, and libraries by kind of machine. */
const APART = [
  ['/usr/lib/postgresql', 'bin'],
  ['/usr/lib', 'faketime'],
];

function foldersApart() {
  return APART.flatMap(([root, folder]) =>
    existsSync(root) ? readdirSync(root).map((name) => path.join(root, name, folder)) : [],
  );
}

function isThere(file) {
  const folders = [...`${process.env.PATH ?? ''}:/usr/sbin:/usr/bin`.split(':'), ...foldersApart()];
  return folders.some((folder) => {
    try {
      // A library is no program, but is read.
      accessSync(path.join(folder, file), file.includes('.so') ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missingPackages() {
  return Object.entries(NEEDED)
    .filter(([, file]) => !isThere(file))
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
