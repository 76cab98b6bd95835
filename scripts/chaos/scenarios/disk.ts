import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Ripe } from '../garden/ripe.ts';
import { Scene } from '../garden/scene.ts';
import { readingsInSqlite } from '../garden/stored-readings.ts';
import { machine, mountTmpfs } from '../machine.ts';
import type { ChaosContext, ChaosResult, Scenario } from '../scenario.ts';

const BEDS = 3;
const PRELOAD = path.resolve(import.meta.dirname, '../preload/small-disk.js');
const TMPFS_SIZE = '24m';
const BLOCK = Buffer.alloc(64 * 1024);

/** A disk that can be full. */
interface Disk {
  fill(): void;
  free(): void;
}

export const diskPages: Scenario = {
  name: 'disk-pages',
  title: 'a database that cannot grow (max_page_count), then SIGKILL',
  share: 0,
  lacks: () => null,
  async run(context) {
    const ripe = await Ripe.create(context, { env: { NODE_OPTIONS: `--import=${PRELOAD}` } });
    const toggle = () => void process.kill(ripe.pid, 'SIGWINCH');
    return filling(context, ripe, { fill: toggle, free: toggle });
  },
};

export const diskTmpfs: Scenario = {
  name: 'disk-tmpfs',
  title: 'a full disk (tmpfs), then SIGKILL',
  share: 0,
  lacks: machine.tmpfs,
  async run(context) {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'ripe-chaos-disk-'));
    context.onEnd(() => rmdirSync(dataDir));
    mountTmpfs(dataDir, TMPFS_SIZE);
    context.onEnd(() => spawnSync('umount', ['-l', dataDir]));
    const filler = path.join(dataDir, 'filler');
    const ripe = await Ripe.create(context, { dataDir });
    return filling(context, ripe, {
      fill: () => writeUntilFull(filler),
      free: () => rmSync(filler, { force: true }),
    });
  },
};

async function filling(context: ChaosContext, ripe: Ripe, disk: Disk): Promise<ChaosResult> {
  const { random } = context;
  await ripe.start();
  const scene = new Scene(context, ripe);
  await scene.open(BEDS);
  scene.begin();
  for (let round = 1; round <= context.rounds; round += 1) {
    await pause(random.between(500, 1_500));
    context.progress(`full, ${round} of ${context.rounds}`);
    disk.fill();
    await scene.untilRefused();
    // Runs that are under way have to end by themselves meanwhile.
    await pause(random.between(2_000, 8_000));
    disk.free();
    ripe.recoveriesMs.push(await scene.untilAcknowledged());
    await pause(random.between(0, 500));
    await ripe.kill();
    await ripe.start();
    await scene.check();
  }
  return scene.close('no readings', async () => readingsInSqlite(ripe.dataDir));
}

function writeUntilFull(file: string): void {
  try {
    for (;;) writeFileSync(file, BLOCK, { flag: 'a' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
}
