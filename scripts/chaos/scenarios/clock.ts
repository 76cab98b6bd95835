import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Ripe } from '../garden/ripe.ts';
import { Scene } from '../garden/scene.ts';
import { readingsInSqlite } from '../garden/stored-readings.ts';
import { findFaketime, machine } from '../machine.ts';
import type { ChaosContext, ChaosResult, Scenario } from '../scenario.ts';

const BEDS = 3;
const JUMPS_SECONDS = [3_600, -3_600, 86_400, -90_000] as const;
/** A small board without a clock of its own starts at a time that has long passed. */
const BACK_SECONDS = [-3_600, -90_000] as const;
/** libfaketime looks at its file once per second. */
const NOTICED_WITHIN_MS = 1_100;

export const clock: Scenario = {
  name: 'clock',
  title: 'the wall clock jumps by hours and days (libfaketime), also while RIPE is down',
  share: 0,
  lacks: machine.faketime,
  run,
};

async function run(context: ChaosContext): Promise<ChaosResult> {
  const { random } = context;
  const ripe = await Ripe.create(context);
  const file = path.join(ripe.dataDir, 'faketime');
  let offset = 0;
  const jump = (by: number) => {
    offset += by;
    writeFileSync(file, `${offset < 0 ? '' : '+'}${offset}\n`);
    context.progress(`the clock is ${offset / 3600} h off`);
  };
  writeFileSync(file, '+0\n');
  await ripe.start({
    LD_PRELOAD: findFaketime() ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    // A wall clock jumps; the one that counts from the boot of the machine never does.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  const scene = new Scene(context, ripe);
  await scene.open(BEDS);
  scene.begin();
  for (let round = 1; round <= context.rounds; round += 1) {
    await pause(random.between(500, 2_000));
    jump(random.pick(JUMPS_SECONDS));
    await pause(NOTICED_WITHIN_MS);
    // Half an hour later begins another row, which holds no reading of the one before.
    await scene.rested(() => scene.forgetReadings());
    await scene.check();
    await pause(random.between(0, 2_000));
    // No later run may hide that one goes on too long.
    await scene.whileAllRun(async () => {
      await ripe.kill();
      jump(random.pick(round % 2 === 1 ? BACK_SECONDS : JUMPS_SECONDS));
      await ripe.start();
    });
    // After a jump nobody can know how much of a run was left: it may end early, never late.
    scene.forgetRuns();
    scene.forgetReadings();
    await scene.check();
  }
  await scene.untilAcknowledged();
  return scene.close('readings', async () => readingsInSqlite(ripe.dataDir));
}
