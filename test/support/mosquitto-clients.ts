import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Broker } from './wire-types.ts';

type Address = Pick<Broker, 'host' | 'port' | 'credentials'>;

const WITHIN_MS = 10_000;

/** Publishes by mosquitto_pub, bytes as they are; resolves when the broker has taken the message. */
export async function publish(
  broker: Address,
  topic: string,
  payload: string | Uint8Array | object,
  qos: 0 | 1 | 2 = 0,
): Promise<void> {
  const isRaw = typeof payload === 'string' || payload instanceof Uint8Array;
  const bytes = Buffer.from(isRaw ? payload : JSON.stringify(payload));
  const args = [...loginOf(broker), '-t', topic, '-q', String(qos), bytes.length === 0 ? '-n' : '-s'];
  const child = spawn('mosquitto_pub', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `mosquitto_pub: ${said}`);
}

export interface Message {
  readonly topic: string;
  readonly hex: string;
  readonly isRetained: boolean;
}

/** Subscriptions by mosquitto_sub, which end after each test. */
export function useSubscribers(): (broker: Address, topic: string, qos?: 0 | 1 | 2) => Promise<Subscriber> {
  const open: Subscriber[] = [];
  afterEach('close the subscribers', async () => {
    await Promise.all(open.splice(0).map((subscriber) => subscriber.close()));
  });
  return async (broker, topic, qos = 2) => {
    const subscriber = new Subscriber(broker, topic, qos);
    open.push(subscriber);
    await subscriber.untilGranted();
    return subscriber;
  };
}

export class Subscriber {
  readonly #child: ChildProcess;
  readonly #messages: Message[] = [];
  readonly #topic: string;
  #said = '';
  #granted: string | null = null;

  constructor(broker: Address, topic: string, qos: 0 | 1 | 2) {
    this.#topic = topic;
    const args = [...loginOf(broker), '-d', '-t', topic, '-q', String(qos), '-F', 'MESSAGE %r %t %x'];
    // Line by line: what waits in a buffer of the C library would look like silence.
    this.#child = spawn('stdbuf', ['-oL', 'mosquitto_sub', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let rest = '';
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#read(line);
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
  }

  async untilGranted(): Promise<void> {
    await this.#wait('an answer to SUBSCRIBE', () => this.#granted !== null);
  }

  /** The next message, in the order in which they came. */
  async next(): Promise<Message> {
    await this.#wait(`a message on ${this.#topic}`, () => this.#messages.length > 0);
    return this.#messages.shift() as Message;
  }

  /** Fails unless exactly these payloads come next, in hexadecimal digits. */
  async expect(...payloads: string[]): Promise<void> {
    const got: string[] = [];
    for (const _ of payloads) got.push((await this.next()).hex);
    assert.deepEqual(got, payloads);
  }

  /** What has come so far is of no interest any more. */
  forget(): void {
    this.#messages.length = 0;
  }

  /** Fails if anything comes within a while. */
  async silence(ms = 400): Promise<void> {
    await pause(ms);
    assert.deepEqual(this.#messages, []);
  }

  /** Fails unless this payload comes, once or more often, and then nothing for a while; before it may come the others. */
  async settle(payload: string, ...others: string[]): Promise<void> {
    await this.until(payload, ...others);
    for (let heard = -1; heard !== this.#messages.length; await pause(300)) heard = this.#messages.length;
    for (const { hex } of this.#messages.splice(0)) assert.equal(hex, payload);
  }

  /** Waits for this payload; before it may come repeats of the others only. */
  async until(payload: string, ...others: string[]): Promise<void> {
    for (let { hex } = await this.next(); hex !== payload; { hex } = await this.next()) {
      assert.ok(others.includes(hex), `${hex} is none of ${others.join(', ')}`);
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    // Not SIGTERM: mosquitto_sub 2.0.11 answers it by disconnecting in the handler, which waits for ever where it comes in the midst of a message.
    this.#child.kill('SIGKILL');
    await closed;
  }

  #read(line: string): void {
    const [, retained, topic = '', hex = ''] = /^MESSAGE ([01]) (\S+) ?([0-9a-f]*)$/.exec(line) ?? [];
    if (retained !== undefined) this.#messages.push({ topic, hex, isRetained: retained === '1' });
    this.#granted ??= /^Subscribed \(mid: \d+\): (.*)$/.exec(line)?.[1] ?? null;
  }

  async #wait(what: string, isThere: () => boolean): Promise<void> {
    const until = Date.now() + WITHIN_MS;
    while (!isThere()) {
      if (Date.now() > until) throw new Error(`No ${what} within ${WITHIN_MS / 1000} s. ${this.#said}`);
      await pause(5);
    }
  }
}

function loginOf({ host, port, credentials }: Address): string[] {
  const login = credentials === null ? [] : ['-u', credentials.username, '-P', credentials.password];
  return ['-h', host, '-p', String(port), ...login];
}
