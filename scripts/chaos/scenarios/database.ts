import { setTimeout as pause } from 'node:timers/promises';
import { PostgresServer } from '../../../test/support/postgres.ts';
import { Ripe } from '../garden/ripe.ts';
import { Scene } from '../garden/scene.ts';
import { readingsInPostgres } from '../garden/stored-readings.ts';
import { machine } from '../machine.ts';
import type { ChaosContext, ChaosResult, Scenario } from '../scenario.ts';

const BEDS = 3;

export const database: Scenario = {
  name: 'postgres',
  title: 'PostgreSQL killed while RIPE goes on, then SIGKILL',
  share: 0,
  lacks: machine.postgres,
  run,
};

async function run(context: ChaosContext): Promise<ChaosResult> {
  const { random } = context;
  const server = new PostgresServer({ isDurable: true });
  await server.start();
  context.onEnd(() => server.dispose());
  const name = await server.createDatabase();
  const ripe = await Ripe.create(context, { env: { RIPE_DATABASE_URL: server.url(name) } });
  await ripe.start();
  const scene = new Scene(context, ripe);
  await scene.open(BEDS);
  scene.begin();
  for (let round = 1; round <= context.rounds; round += 1) {
    await pause(random.between(500, 2_000));
    context.progress(`away, ${round} of ${context.rounds}`);
    await server.stop('SIGQUIT');
    // RIPE goes on deciding, and acknowledges what it keeps in its queue.
    await scene.untilAcknowledged();
    await pause(random.between(0, 6_000));
    await server.start();
    const back = performance.now();
    await scene.untilStored();
    ripe.recoveriesMs.push(performance.now() - back);
    await ripe.kill();
    await ripe.start();
    await scene.check();
  }
  return scene.close('no readings', () => readingsInPostgres(server, name));
}
