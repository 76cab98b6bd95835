import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { MqttClient } from 'mqtt';
import type { Credentials, RipeClient } from '../../scripts/simulate/ripe-client.ts';
import { sensorTopic } from '../../src/domain/broker/topics.ts';
import type { BenchCase, BenchContext, BenchResult } from '../harness/bench-case.ts';
import { spreadRows } from '../harness/statistics.ts';
import type { LoudOptions } from '../support/loud-client.ts';
import { nextMessage } from '../support/next-message.ts';
import { startRipe } from '../support/ripe-process.ts';
import { connectSensor } from '../support/sensor-client.ts';
import { tempDir } from '../support/temp-dir.ts';

const DOMAIN = 'fan';
/** As many as a sensor may have: each of them is asked about every reading of the loud client. */
const AGENTS = 64;
const ROUNDS = 60;
const REST_MS = 50;
/** Until what a burst lets through at first has passed, and the limits have their say. */
const NOISE_BEGINS_MS = 500;

export const noisy: BenchCase = {
  name: 'noisy',
  title: `a command over REST to its device, ${ROUNDS} times, while another sensor's client sends at full speed`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  // So that the loud client has an address of its own, as it would have anywhere else.
  const env = { RIPE_TRUSTED_PROXIES: 'loopback', RIPE_HTTP_LIMITS: '', RIPE_MQTT_LIMITS: '' };
  const { ripe, url } = await startRipe(context, await tempDir(context), env);
  const quiet = await ripe.registerSensor('Quiet');
  await ripe.registerAgent(quiet, DOMAIN, 'PercentAgent');
  const device = await connectSensor(context, ripe, quiet);
  await device.subscribeAsync(sensorTopic('cmd', quiet.id, quiet.key), { qos: 1 });
  const alone = await commands(ripe, quiet, device);
  const loud = await ripe.registerSensor('Loud');
  for (let place = 0; place < AGENTS; place += 1) {
    await ripe.registerAgent(loud, `${place}_Water`, 'ThresholdAgent');
  }
  const { port } = (await ripe.status(loud)).broker.items[0] ?? { port: 0 };
  const workerData: LoudOptions = { url, mqttPort: port, id: loud.id, key: loud.key };
  const noise = new Worker(new URL('../support/loud-client.ts', import.meta.url), { workerData });
  context.onEnd(async () => void (await noise.terminate()));
  await pause(NOISE_BEGINS_MS);
  const beside = await commands(ripe, quiet, device);
  return {
    rows: [
      ...spreadRows('beside a client at full speed', beside, 'ms'),
      ...spreadRows('baseline: alone', alone, 'ms'),
    ],
  };
}

async function commands(ripe: RipeClient, sensor: Credentials, device: MqttClient): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await pause(REST_MS);
    const value = 1 + (round % 100);
    const arrived = nextMessage(device, {
      what: `command ${value}`,
      topic: sensorTopic('cmd', sensor.id, sensor.key),
      isWanted: (vector) => vector[0] === value,
    });
    const beganAt = performance.now();
    await Promise.all([ripe.command(sensor, DOMAIN, value * 10), arrived]);
    times.push(performance.now() - beganAt);
  }
  return times;
}
