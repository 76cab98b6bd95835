// A process of its own: a steady stream of readings, and among them dry ones whose commands it waits for.
// Parent: one PacedOrder; this process: one PacedAnswer.
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { parseSensorTopic, sensorTopic } from '../../src/domain/broker/topics.ts';
import { keyOf } from '../cases/filled-store.ts';
import { dataTopics, readingText } from './workload.ts';

export interface PacedOrder {
  readonly port: number;
  /** Sensors 1 to `sensors` send readings; those from `firstProbe` on are kept for the dry ones, each once. */
  readonly sensors: number;
  readonly perSecond: number;
  readonly firstProbe: number;
  readonly probes: number;
  readonly forMs: number;
}

export interface PacedAnswer {
  /** From the publishing of each dry reading until its command was there, ms. */
  readonly delaysMs: readonly number[];
  /** What was really published. */
  readonly perSecond: number;
}

const TICK_MS = 5;
/** What has not come by then is lost. */
const WAIT_MS = 5_000;
const DRY = '{"battery":87,"moisture":5,"temperature":21.5,"humidity":55}';

process.once('message', async (order: PacedOrder) => {
  process.send?.(await run(order), () => process.exit());
});
process.once('disconnect', () => process.exit());

async function run(order: PacedOrder): Promise<PacedAnswer> {
  const { port, sensors, perSecond, probes, firstProbe, forMs } = order;
  const client = await mqtt.connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0 });
  const commands = await Commands.listen(port, firstProbe, probes);
  const topics = dataTopics(sensors);
  const startedAt = performance.now();
  let [sent, probed] = [0, 0];
  for (let spentMs = 0; spentMs < forMs; spentMs = performance.now() - startedAt) {
    for (const due = (spentMs / 1_000) * perSecond; sent < due; sent += 1)
      client.publish(topics[sent % sensors] ?? '', readingText(sent, sensors), { qos: 1 });
    for (const due = (spentMs / forMs) * probes; probed < due; probed += 1) {
      const sensor = firstProbe + probed;
      commands.expect(sensor);
      client.publish(sensorTopic('data', sensor, keyOf(sensor)), DRY, { qos: 1 });
    }
    await pause(TICK_MS);
  }
  const reached = (sent / (performance.now() - startedAt)) * 1_000;
  return { delaysMs: await commands.all(), perSecond: reached };
}

/** A client that hears the commands of the sensors with dry readings, and nothing else. */
class Commands {
  readonly #sentAt = new Map<number, number>();
  readonly #delaysMs: number[] = [];

  private constructor(client: MqttClient) {
    client.on('message', (topic, payload) => this.#hear(parseSensorTopic(topic)?.sensor ?? 0, payload));
  }

  static async listen(port: number, first: number, count: number): Promise<Commands> {
    const client = await mqtt.connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0 });
    const commands = new Commands(client);
    // A bare client knows no keys.
    const topics = Array.from({ length: count }, (_, index) => first + index).flatMap((sensor) => [
      sensorTopic('cmd', sensor),
      sensorTopic('cmd', sensor, keyOf(sensor)),
    ]);
    await client.subscribeAsync(topics, { qos: 0 });
    return commands;
  }

  expect(sensor: number): void {
    this.#sentAt.set(sensor, performance.now());
  }

  async all(): Promise<readonly number[]> {
    const until = performance.now() + WAIT_MS;
    while (this.#sentAt.size > 0 && performance.now() < until) await pause(TICK_MS);
    if (this.#sentAt.size > 0) throw new Error(`${this.#sentAt.size} dry readings were never answered`);
    return this.#delaysMs;
  }

  #hear(sensor: number, payload: Buffer): void {
    const sentAt = this.#sentAt.get(sensor);
    if (sentAt === undefined || payload[0] !== 1) return;
    this.#sentAt.delete(sensor);
    this.#delaysMs.push(performance.now() - sentAt);
  }
}
