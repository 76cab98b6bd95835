import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lack } from './scenario.ts';

const MOSQUITTO = '/usr/sbin/mosquitto';
const POSTGRES = '/usr/lib/postgresql';
const LIBRARIES = '/usr/lib';

/** What scenarios need of the machine, each named by how to get it. */
export const machine = {
  mosquitto: (): Lack =>
    existsSync(MOSQUITTO) ? null : 'mosquitto is missing (Debian: apt-get install mosquitto)',

  postgres: (): Lack =>
    existsSync(POSTGRES) && readdirSync(POSTGRES).length > 0
      ? null
      : 'PostgreSQL is missing (Debian: apt-get install postgresql)',

  faketime: (): Lack =>
    findFaketime() === null ? 'libfaketime is missing (Debian: apt-get install libfaketime)' : null,

  tmpfs: (): Lack => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ripe-chaos-mount-'));
    try {
      const { status } = mountTmpfs(folder, '1m');
      if (status === 0) spawnSync('umount', [folder]);
      return status === 0 ? null : 'this user may not mount a tmpfs (root may)';
    } finally {
      rmdirSync(folder);
    }
  },
};

export function mountTmpfs(folder: string, size: string): { readonly status: number | null } {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'ripe-chaos', folder]);
}

/** Debian keeps libraries by machine type. */
export function findFaketime(): string | null {
  const folders = existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : [];
  const paths = folders.map((folder) => path.join(LIBRARIES, folder, 'faketime/libfaketime.so.1'));
  return paths.find((each) => existsSync(each)) ?? null;
}
