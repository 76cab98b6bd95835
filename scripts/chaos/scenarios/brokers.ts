import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MosquittoProcess } from '../../../test/support/mosquitto.ts';
import { Ripe } from '../garden/ripe.ts';
import { RipeCensus } from '../garden/ripe-census.ts';
import { Scene } from '../garden/scene.ts';
import { readingsInSqlite } from '../garden/stored-readings.ts';
import { machine } from '../machine.ts';
import type { ChaosContext, ChaosResult, Scenario } from '../scenario.ts';
import { type Census, grown } from '../support/census.ts';

const BEDS = 3;
const SETTINGS = ['persistence true', 'autosave_interval 1', 'max_queued_messages 100000'];
/** One in so many is frozen instead of killed, long enough that RIPE leaves it. */
const FREEZE_EVERY = 40;
const FREEZE_MS = 8_000;
const CHECK_EVERY = 25;
/** What there is once everything that is made at need has been made. */
const WARM_UP = 3;
/** Of a leak there would be as many as kills. Requests of clients that are under way come and go. */
const MARGIN = 12;

export const brokers: Scenario = {
  name: 'brokers',
  title: 'two mosquittos killed (SIGKILL), frozen and restarted at random',
  share: 0,
  lacks: machine.mosquitto,
  run,
};

async function run(context: ChaosContext): Promise<ChaosResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ripe-chaos-census-'));
  context.onEnd(() => rm(folder, { recursive: true, force: true }));
  const both = [await startBroker(context), await startBroker(context)] as const;
  const census = new RipeCensus(folder);
  const ripe = await Ripe.create(context, {
    env: { RIPE_BROKERS: both.map(({ port }) => `mqtt://127.0.0.1:${port}`).join(), ...census.env },
  });
  await ripe.start();
  ripe.recoveriesMs.length = 0;
  const scene = new Scene(context, ripe, 'devices follow');
  await scene.open(BEDS);
  scene.begin();
  let before: Census | null = null;
  for (let kill = 1; kill <= context.brokerKills; kill += 1) {
    if (kill === WARM_UP + 1) before = await counted(scene, () => census.calm(ripe));
    await pause(context.random.between(50, 400));
    context.progress(`broker ${kill} of ${context.brokerKills}`);
    await trouble(context, scene, { ripe, broker: context.random.pick(both), kill });
    if (kill % CHECK_EVERY === 0) await scene.check();
  }
  await scene.untilAcknowledged();
  const after = await counted(scene, () => census.calm(ripe));
  if (before !== null) {
    for (const what of grown(before, after, MARGIN)) scene.broken.push(`RIPE leaks ${what}`);
  }
  return scene.close('no readings', async () => readingsInSqlite(ripe.dataDir));
}

async function startBroker(context: ChaosContext): Promise<MosquittoProcess> {
  const mosquitto = new MosquittoProcess(null, SETTINGS);
  await mosquitto.start();
  context.onEnd(() => mosquitto.dispose());
  return mosquitto;
}

/** While no client asks anything. */
async function counted(scene: Scene, count: () => Promise<Census>): Promise<Census> {
  let census: Census = {};
  await scene.rested(async () => {
    census = await count();
  });
  return census;
}

interface Trouble {
  readonly ripe: Ripe;
  readonly broker: MosquittoProcess;
  readonly kill: number;
}

/** Nobody can be told anything until RIPE serves at a broker, and the devices have found it there. */
async function trouble(context: ChaosContext, scene: Scene, { ripe, broker, kill }: Trouble): Promise<void> {
  const span = { from: performance.now(), until: null as number | null };
  scene.excused.push(span);
  if (kill % FREEZE_EVERY === 0) {
    broker.freeze();
    await pause(FREEZE_MS);
    broker.thaw();
  } else {
    await broker.kill();
    await pause(context.random.between(0, 300));
    await broker.start();
  }
  await ripe.untilBroker();
  await scene.untilConnected();
  span.until = performance.now();
  ripe.recoveriesMs.push(span.until - span.from);
}
