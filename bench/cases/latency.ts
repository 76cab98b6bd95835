import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import type { Config, Credentials, RipeClient } from '../../scripts/simulate/ripe-client.ts';
import type { ConfigValue } from '../../src/domain/settings-form.ts';
import { sensorTopic } from '../../src/domain/topics.ts';
import type { BenchCase, BenchContext, BenchResult } from '../harness/bench-case.ts';
import { median, ratioRow, spreadRows } from '../harness/statistics.ts';
import { nextMessage } from '../support/next-message.ts';
import { startRipe } from '../support/ripe-process.ts';
import { connectSensor } from '../support/sensor-client.ts';
import { tempDir } from '../support/temp-dir.ts';

const DOMAIN = '01_Water';
const COOLDOWN_KEY = '04_action_cooldown_ms';
const ROUNDS = 30;
const WARM_UP_ROUNDS = 5;
/** Every measurement starts from rest: by then the store has written what the one before left it to write. */
const SETTLE_MS = 100;
const READING = '{"moisture":5}';

/** A sensor as seen from outside: one client publishes, the other subscribes. */
interface Device {
  readonly credentials: Credentials;
  readonly publisher: MqttClient;
  readonly subscriber: MqttClient;
}

export const latency: BenchCase = {
  name: 'latency',
  title: `from a dry reading to the command at the device, ${ROUNDS} times, next to the broker alone`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const { ripe } = await startRipe(context, await tempDir(context));
  const watered = await createDevice(context, ripe, 'cmd');
  // A sensor without agents: its readings go through the same broker and into the same store, and decide nothing.
  const plain = await createDevice(context, ripe, 'data');
  await addAgent(ripe, watered.credentials);
  const decided: number[] = [];
  const relayed: number[] = [];
  // Turn and turn about, so that whatever else the machine does meets both series.
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const relay = await timeRelay(plain);
    const decision = await timeDecision(watered, ripe);
    if (round < 0) continue;
    relayed.push(relay);
    decided.push(decision);
  }
  return {
    rows: [
      ...spreadRows('reading to command', decided, 'ms'),
      ...spreadRows('baseline: publish to receive', relayed, 'ms'),
      ratioRow('reading to command / baseline, p50', median(decided), median(relayed)),
    ],
  };
}

async function createDevice(
  context: BenchContext,
  ripe: RipeClient,
  channel: 'cmd' | 'data',
): Promise<Device> {
  const credentials = await ripe.registerSensor(`Bench ${channel}`);
  const publisher = await connectSensor(context, ripe, credentials);
  const subscriber = await connectSensor(context, ripe, credentials);
  await subscriber.subscribeAsync(sensorTopic(channel, credentials.id, credentials.key), { qos: 1 });
  return { credentials, publisher, subscriber };
}

/** The agent as it ships, but for the pause after a run. */
async function addAgent(ripe: RipeClient, credentials: Credentials): Promise<void> {
  await ripe.registerAgent(credentials, DOMAIN, 'ThresholdAgent');
  await ripe.setConfig(credentials, DOMAIN, withoutCooldown(await ripe.config(credentials, DOMAIN)));
}

function withoutCooldown(config: Config): Record<string, ConfigValue> {
  const values = Object.entries(config).map(([key, [, value]]): [string, ConfigValue] => {
    if (key !== COOLDOWN_KEY || !('TimeSlider' in value)) return [key, value];
    const [lower, upper, , steps] = value.TimeSlider;
    return [key, { TimeSlider: [lower, upper, 0, steps] }];
  });
  return Object.fromEntries(values);
}

async function timeRelay(device: Device): Promise<number> {
  const topic = sensorTopic('data', device.credentials.id, device.credentials.key);
  await pause(SETTLE_MS);
  const arrived = nextMessage(device.subscriber, { what: 'relayed reading', topic, isWanted: () => true });
  return await timeUntil(arrived, device);
}

async function timeDecision(device: Device, ripe: RipeClient): Promise<number> {
  await pause(SETTLE_MS);
  const milliseconds = await timeUntil(command(device, 1), device);
  const isOff = command(device, 0);
  await Promise.all([ripe.command(device.credentials, DOMAIN, 0), isOff]);
  return milliseconds;
}

function command({ credentials, subscriber }: Device, value: number): Promise<void> {
  return nextMessage(subscriber, {
    what: `command ${value}`,
    topic: sensorTopic('cmd', credentials.id, credentials.key),
    isWanted: (vector) => vector[0] === value,
  });
}

/** From the publish of a reading until what is waited for has arrived. */
async function timeUntil(arrived: Promise<void>, { credentials, publisher }: Device): Promise<number> {
  const startedAt = performance.now();
  let endedAt = startedAt;
  const timed = arrived.then(() => {
    endedAt = performance.now();
  });
  await Promise.all([
    timed,
    // The broker's acknowledgement may come later than what is measured; the next round waits for both.
    publisher.publishAsync(sensorTopic('data', credentials.id, credentials.key), READING, { qos: 1 }),
  ]);
  return endedAt - startedAt;
}
