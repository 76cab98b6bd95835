import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MosquittoProcess } from '../../../test/support/mosquitto.ts';
import { PostgresServer } from '../../../test/support/postgres.ts';
import { Ripe } from '../garden/ripe.ts';
import { Scene } from '../garden/scene.ts';
import { readingsInPostgres, readingsInSqlite, type StoredReadings } from '../garden/stored-readings.ts';
import { machine } from '../machine.ts';
import type { ChaosContext, ChaosResult, Scenario } from '../scenario.ts';

const BEDS = 3;
/** Some kills meet a RIPE that is only starting. */
const KILLED_WHILE_STARTING = 0.5;
const LONGEST_START_MS = 1_500;
const LONGEST_WORK_MS = 1_200;
const KILL_AT_COMMIT = path.resolve(import.meta.dirname, '../preload/kill-at-commit.js');
/** An order takes one, its decision, run and command together; what the broker says of the command, another. */
const MOST_COMMITS = 4;

interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly readings: (ripe: Ripe) => Promise<StoredReadings>;
}

const withSqlite = async (ripe: Ripe) => readingsInSqlite(ripe.dataDir);

export const killEmbedded: Scenario = {
  name: 'kill-embedded',
  title: 'SIGKILL at random moments: SQLite, embedded broker',
  share: 0.25,
  lacks: () => null,
  run: (context) => killing(context, { env: {}, readings: withSqlite }),
};

export const kill: Scenario = {
  name: 'kill',
  title: 'SIGKILL at random moments: SQLite, mosquitto',
  share: 0.3,
  lacks: machine.mosquitto,
  run: async (context) => killing(context, { env: await mosquitto(context), readings: withSqlite }),
};

export const killAck: Scenario = {
  name: 'kill-ack',
  title: 'the same, with RIPE_ACK_AFTER_COMMIT',
  share: 0.2,
  lacks: machine.mosquitto,
  async run(context) {
    const env = { ...(await mosquitto(context)), RIPE_ACK_AFTER_COMMIT: 'yes' };
    const result = await killing(context, { env, readings: withSqlite });
    const lost = result.readings?.lost ?? 0;
    const broken = lost === 0 ? [] : [`${lost} readings are lost that RIPE must not have acknowledged`];
    return { ...result, broken: [...result.broken, ...broken] };
  },
};

export const killPostgres: Scenario = {
  name: 'kill-postgres',
  title: 'SIGKILL at random moments: PostgreSQL, mosquitto',
  share: 0.2,
  lacks: () => machine.mosquitto() ?? machine.postgres(),
  async run(context) {
    // It is not killed itself.
    const server = new PostgresServer();
    await server.start();
    context.onEnd(() => server.dispose());
    const database = await server.createDatabase();
    const env = { ...(await mosquitto(context)), RIPE_DATABASE_URL: server.url(database) };
    return killing(context, { env, readings: () => readingsInPostgres(server, database) });
  },
};

export const killOrder: Scenario = {
  name: 'kill-order',
  title: 'SIGKILL right after a commit, while runs are ordered: SQLite, embedded broker',
  share: 0.05,
  lacks: () => null,
  async run(context) {
    const env = { NODE_OPTIONS: `--import=${KILL_AT_COMMIT}` };
    const nextCommits = () => ({ CHAOS_COMMITS: String(context.random.between(1, MOST_COMMITS)) });
    const ripe = await Ripe.create(context, { env });
    await ripe.start(nextCommits());
    const scene = new Scene(context, ripe);
    await scene.open(BEDS);
    scene.begin();
    await scene.untilAcknowledged();
    // From here on nothing but the orders of each round is committed.
    await Promise.all(scene.plots.map(({ gardener }) => gardener.stop()));
    for (let count = 1; count <= context.kills; count += 1) {
      context.progress(`kill ${count} of ${context.kills}`);
      process.kill(ripe.pid, 'SIGWINCH');
      await scene.whileAllRun(async () => {
        await ripe.kill();
        await ripe.start(nextCommits());
        await scene.compare();
      });
    }
    return scene.close('no readings', () => withSqlite(ripe));
  },
};

/** A broker that outlives RIPE, and queues for it meanwhile; it would drop what is more than 1000. */
async function mosquitto(context: ChaosContext): Promise<Record<string, string>> {
  const broker = new MosquittoProcess(null, ['persistence false', 'max_queued_messages 100000']);
  await broker.start();
  context.onEnd(() => broker.dispose());
  return { RIPE_BROKERS: `mqtt://127.0.0.1:${broker.port}` };
}

async function killing(context: ChaosContext, { env, readings }: Surroundings): Promise<ChaosResult> {
  const { random } = context;
  const ripe = await Ripe.create(context, { env });
  await ripe.start();
  const scene = new Scene(context, ripe);
  await scene.open(BEDS);
  scene.begin();
  await pause(random.between(100, LONGEST_WORK_MS));
  for (let count = 1; count <= context.kills; count += 1) {
    await ripe.kill();
    context.progress(`kill ${count} of ${context.kills}`);
    ripe.spawn();
    const isLast = count === context.kills;
    if (!isLast && random.next() < KILLED_WHILE_STARTING) {
      await pause(random.between(0, LONGEST_START_MS));
      continue;
    }
    await ripe.untilInService();
    await scene.check();
    if (!isLast) await pause(random.between(0, LONGEST_WORK_MS));
  }
  await scene.untilAcknowledged();
  return scene.close('readings', () => readings(ripe));
}
