import { connect, type IClientOptions, type MqttClient } from 'mqtt';

export const READINGS_TOPIC = 'sensor/data/1/KEY1';

/** Waits for an acknowledgement so long, then asks anew where to go. */
const PATIENCE_MS = 500;
const LOOK_EVERY_MS = 20;
/** What it has measured and not yet got rid of. */
const KEPT_AT_MOST = 1_000;
/** mosquitto takes so many at once of a 3.1.1 client, acknowledges what exceeds it, and drops it. */
const UNDER_WAY_AT_MOST = 20;

/**
 * An independent publisher: numbers its readings, turns about with QoS 1 and 2, remembers which were acknowledged, and
 * sends again what was not, as a careful device does. It goes where `whereTo` says, which is what REST would say.
 */
export class FaithfulSensor {
  /** Number, and when it was acknowledged. */
  readonly acknowledged = new Map<number, number>();
  readonly #whereTo: () => IClientOptions | null;
  readonly #next: () => number;
  readonly #underWay = new Map<number, { client: MqttClient; since: number } | null>();
  readonly #timers: NodeJS.Timeout[] = [];
  #client: MqttClient | null = null;
  #address = '';

  /** `next` numbers the readings: two sensors that share it publish each of them twice. */
  constructor(whereTo: () => IClientOptions | null, next: () => number) {
    this.#whereTo = whereTo;
    this.#next = next;
  }

  start(everyMs: number): void {
    this.#timers.push(setInterval(() => this.#look(), LOOK_EVERY_MS));
    this.#timers.push(setInterval(() => this.#publishNew(), everyMs));
  }

  /** Publishes nothing new, and waits until everything is acknowledged. */
  async rest(withinMs: number): Promise<void> {
    const publishing = this.#timers.pop();
    clearInterval(publishing);
    const until = performance.now() + withinMs;
    while (this.#underWay.size > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#leave();
  }

  #publishNew(): void {
    if (this.#underWay.size >= KEPT_AT_MOST) return;
    this.#underWay.set(this.#next(), null);
    this.#publishKept();
  }

  #publishKept(): void {
    let room = UNDER_WAY_AT_MOST;
    for (const sent of this.#underWay.values()) if (sent?.client === this.#client) room -= 1;
    for (const [number, sent] of this.#underWay) {
      if (room <= 0) return;
      if (sent?.client === this.#client) continue;
      this.#publish(number);
      room -= 1;
    }
  }

  #publish(number: number): void {
    const client = this.#client;
    if (client === null || !client.connected) return;
    const sent = { client, since: performance.now() };
    this.#underWay.set(number, sent);
    const qos = number % 2 === 0 ? 2 : 1;
    client.publish(READINGS_TOPIC, JSON.stringify({ moisture: number }), { qos }, (error) => {
      if (error || client !== this.#client) return;
      this.#underWay.delete(number);
      this.acknowledged.set(number, performance.now());
      this.#publishKept();
    });
  }

  #look(): void {
    const target = this.#whereTo();
    const address = target === null ? '' : `${target.protocol}:${target.port}`;
    const isStuck = [...this.#underWay.values()].some(
      (sent) => sent?.client === this.#client && performance.now() - sent.since > PATIENCE_MS,
    );
    const isAway = this.#client === null || (!this.#client.connected && isStuck);
    if (target !== null && (address !== this.#address || isAway)) this.#go(target, address);
  }

  #go(target: IClientOptions, address: string): void {
    this.#leave();
    this.#address = address;
    const client = connect({ ...target, reconnectPeriod: 0, connectTimeout: 1_000 });
    this.#client = client;
    client.on('error', () => undefined);
    client.on('connect', () => {
      if (client !== this.#client) return;
      this.#publishKept();
    });
    client.on('close', () => {
      if (client === this.#client) this.#client = null;
    });
  }

  #leave(): void {
    const client = this.#client;
    this.#client = null;
    client?.end(true);
    client?.stream.destroy();
  }
}
