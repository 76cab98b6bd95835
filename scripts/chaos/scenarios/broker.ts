import { setTimeout as pause } from 'node:timers/promises';
import { MosquittoProcess } from '../../../test/support/mosquitto.ts';
import { Ripe } from '../garden/ripe.ts';
import { Scene } from '../garden/scene.ts';
import { readingsInSqlite } from '../garden/stored-readings.ts';
import { machine } from '../machine.ts';
import type { ChaosContext, ChaosResult, Scenario } from '../scenario.ts';

const BEDS = 3;
/** Longer than RIPE needs to notice a broker that says nothing: one and a half keep-alives of 5 s. */
const LONGEST_FREEZE_MS = 9_000;

/** It keeps retained vectors on its disk, as Debian's does, and so has old ones to tell after a crash. */
const SETTINGS = ['persistence true', 'autosave_interval 1', 'max_queued_messages 100000'];

export const broker: Scenario = {
  name: 'broker',
  title: 'mosquitto frozen (SIGSTOP), and killed (SIGKILL)',
  share: 0,
  lacks: machine.mosquitto,
  run,
};

async function run(context: ChaosContext): Promise<ChaosResult> {
  const mosquitto = new MosquittoProcess(null, SETTINGS);
  await mosquitto.start();
  context.onEnd(() => mosquitto.dispose());
  const ripe = await Ripe.create(context, { env: { RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` } });
  await ripe.start();
  ripe.recoveriesMs.length = 0;
  const scene = new Scene(context, ripe);
  await scene.open(BEDS);
  scene.begin();
  for (let round = 1; round <= context.rounds; round += 1) {
    await pause(context.random.between(500, 2_000));
    context.progress(`frozen, ${round} of ${context.rounds}`);
    await trouble(scene, ripe, async () => {
      mosquitto.freeze();
      await pause(context.random.between(1_000, LONGEST_FREEZE_MS));
      mosquitto.thaw();
    });
    await pause(context.random.between(500, 2_000));
    context.progress(`killed, ${round} of ${context.rounds}`);
    await trouble(scene, ripe, async () => {
      await mosquitto.kill();
      await pause(context.random.between(0, 3_000));
      await mosquitto.start();
    });
    await scene.check();
  }
  await scene.untilAcknowledged();
  return scene.close('no readings', async () => readingsInSqlite(ripe.dataDir));
}

/** Nobody can be told anything until the broker is back, and RIPE and the devices at it. */
async function trouble(scene: Scene, ripe: Ripe, make: () => Promise<void>): Promise<void> {
  const span = { from: performance.now(), until: null as number | null };
  scene.excused.push(span);
  await make();
  const back = performance.now();
  await ripe.untilBroker();
  await scene.untilConnected();
  span.until = performance.now();
  ripe.recoveriesMs.push(span.until - back);
}
