import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import type { Credentials, RipeClient } from '../../scripts/simulate/ripe-client.ts';
import { sensorTopic } from '../../src/domain/broker/topics.ts';
import { MosquittoProcess } from '../../test/support/mosquitto.ts';
import type { BenchCase, BenchContext, BenchResult } from '../harness/bench-case.ts';
import { median, ratioRow } from '../harness/statistics.ts';
import { startRipe } from '../support/ripe-process.ts';
import { connectSensor } from '../support/sensor-client.ts';
import { tempDir } from '../support/temp-dir.ts';

const READINGS = 2_000;
const ROUNDS = 5;
const WITHIN_MS = 120_000;
const ASK_EVERY_MS = 5;

/** One RIPE at a broker of its own process, and a sensor there. */
interface Side {
  readonly ripe: RipeClient;
  readonly credentials: Credentials;
  readonly sensor: MqttClient;
  sent: number;
}

export const ack: BenchCase = {
  name: 'ack',
  title: `what RIPE_ACK_AFTER_COMMIT costs: ${READINGS} readings (QoS 1) at mosquitto, with and without`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const without = await createSide(context, 'no');
  const withAck = await createSide(context, 'yes');
  const times = { without: [] as number[], withAck: [] as number[] };
  // Turn and turn about, so that whatever else the machine does meets both; the first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    context.progress(`round ${round} of ${ROUNDS}`);
    const [a, b] = [await timeReadings(without), await timeReadings(withAck)];
    if (round === 0) continue;
    times.without.push(a);
    times.withAck.push(b);
  }
  const perSecond = (ms: number) => (READINGS / ms) * 1000;
  return {
    rows: [
      {
        name: 'acknowledged when received, p50',
        value: perSecond(median(times.without)),
        unit: 'readings/s',
      },
      { name: 'acknowledged when on disk, p50', value: perSecond(median(times.withAck)), unit: 'readings/s' },
      ratioRow('time when on disk / when received, p50', median(times.withAck), median(times.without)),
    ],
  };
}

async function createSide(context: BenchContext, isAckAfterCommit: 'yes' | 'no'): Promise<Side> {
  // All at once is more than a mosquitto keeps for one client, unless it is told to.
  const broker = new MosquittoProcess(null, ['persistence false', 'max_queued_messages 100000']);
  await broker.start();
  context.onEnd(() => broker.dispose());
  const { ripe } = await startRipe(context, await tempDir(context), {
    RIPE_BROKERS: `mqtt://127.0.0.1:${broker.port}`,
    RIPE_ACK_AFTER_COMMIT: isAckAfterCommit,
  });
  const credentials = await ripe.registerSensor('Bench');
  const sensor = await connectSensor(context, ripe, credentials);
  return { ripe, credentials, sensor, sent: 0 };
}

/** From the first publish until RIPE has the last one. */
async function timeReadings(side: Side): Promise<number> {
  const { ripe, credentials, sensor } = side;
  const topic = sensorTopic('data', credentials.id, credentials.key);
  const startedAt = performance.now();
  for (let count = 0; count < READINGS; count += 1) {
    side.sent += 1;
    sensor.publish(topic, JSON.stringify({ conductivity: side.sent }), { qos: 1 });
  }
  while ((await newest(ripe, credentials)) !== side.sent) {
    if (performance.now() - startedAt > WITHIN_MS) throw new Error('the readings did not arrive');
    await pause(ASK_EVERY_MS);
  }
  return performance.now() - startedAt;
}

/** The simulated garden's client needs no more of a status than it checks. */
async function newest(ripe: RipeClient, credentials: Credentials): Promise<number | null> {
  const status: object = await ripe.status(credentials);
  return 'data' in status ? (status.data as { conductivity: number | null }).conductivity : null;
}
