import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { parseSensorTopic, sensorTopic } from '../../src/domain/broker/topics.ts';
import type { BenchContext } from '../harness/bench-case.ts';

const TICK_MS = 10;
const VALUES = 100;

/** A reading and the command that answered it. */
export interface AnsweredReading {
  readonly delayMs: number;
  /** The lowest bit of the command: which version of the plugin decided. */
  readonly mark: number;
}

export interface ReadingFlowOptions {
  readonly brokerPort: number;
  readonly sensors: number;
  readonly perSecond: number;
  keyOf(sensor: number): string;
}

/**
 * Readings at a steady rate, sensor after sensor, each with another moisture than the sensor's one before. The agent
 * under test holds `2 × moisture + mark`, so that each command tells which reading it answers, and which code did.
 */
export class ReadingFlow {
  readonly #options: ReadingFlowOptions;
  readonly #client: MqttClient;
  readonly #pending = new Map<string, number>();
  readonly #heard = new Set<number>();
  #answered: AnsweredReading[] = [];
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: ReadingFlowOptions, client: MqttClient) {
    this.#options = options;
    this.#client = client;
  }

  static async open({ onEnd }: BenchContext, options: ReadingFlowOptions): Promise<ReadingFlow> {
    const { brokerPort: port } = options;
    const client = await mqtt.connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0 });
    onEnd(() => client.endAsync(true));
    client.on('error', () => {});
    const flow = new ReadingFlow(options, client);
    onEnd(() => flow.stop());
    client.on('message', (topic, payload) => flow.#answer(topic, payload));
    await client.subscribeAsync('sensor/cmd/+/+', { qos: 1 });
    return flow;
  }

  /** Resolves when a command of every sensor has come: from then on RIPE hears what they say. */
  async untilAllHeard(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    while (this.#heard.size < this.#options.sensors) {
      if (performance.now() > until) throw new Error(`commands of only ${this.#heard.size} sensors came`);
      await pause(TICK_MS);
    }
  }

  /** What is under way is not asked for any more. */
  forget(): void {
    this.#pending.clear();
    this.#answered = [];
  }

  /** Not answered up to now. */
  get open(): number {
    return this.#pending.size;
  }

  get sent(): number {
    return this.#sent;
  }

  start(): void {
    const startedAt = performance.now();
    const before = this.#sent;
    this.#timer = setInterval(() => {
      const due = before + ((performance.now() - startedAt) / 1_000) * this.#options.perSecond;
      while (this.#sent < due) this.#send();
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What was answered since the last call. */
  take(): AnsweredReading[] {
    return this.#answered.splice(0);
  }

  #send(): void {
    const { sensors, keyOf } = this.#options;
    const sensor = 1 + (this.#sent % sensors);
    const moisture = 1 + (Math.floor(this.#sent / sensors) % VALUES);
    this.#sent += 1;
    this.#pending.set(`${sensor}/${moisture}`, performance.now());
    const topic = sensorTopic('data', sensor, keyOf(sensor));
    this.#client.publish(topic, JSON.stringify({ moisture }), { qos: 1 });
  }

  #answer(topic: string, payload: Buffer): void {
    const [value = 0] = payload;
    const sensor = parseSensorTopic(topic)?.sensor ?? 0;
    this.#heard.add(sensor);
    const id = `${sensor}/${value >> 1}`;
    const sentAt = this.#pending.get(id);
    if (sentAt === undefined) return;
    this.#pending.delete(id);
    this.#answered.push({ delayMs: performance.now() - sentAt, mark: value & 1 });
  }
}
