import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Packet {
  /** The upper half of the first byte, e.g. 2 for CONNACK. */
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

export const CONNACK = 2;
export const PUBLISH = 3;
export const SUBACK = 9;

/** What carries the bytes: TCP or a WebSocket. */
interface Pipe {
  write(bytes: Buffer): void;
  end(): void;
}

const WITHIN_MS = 10_000;

/** An MQTT client whose bytes are the test's own; `next` takes answers one by one. */
export class RawMqtt {
  #pipe: Pipe | null = null;
  #received = Buffer.alloc(0);
  #isClosed = false;

  static async overTcp(port: number): Promise<RawMqtt> {
    const client = new RawMqtt();
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('data', (chunk: Buffer) => client.#take(chunk));
    socket.on('error', () => {});
    socket.on('close', () => client.#close());
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    client.#pipe = { write: (bytes) => socket.write(bytes), end: () => socket.destroy() };
    return client;
  }

  static async overWebSocket(url: string, protocol: string): Promise<RawMqtt> {
    const client = new RawMqtt();
    const socket = new WebSocket(url, protocol);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => client.#take(Buffer.from(data as ArrayBuffer)));
    socket.addEventListener('close', () => client.#close());
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${url}`)));
    });
    client.#pipe = { write: (bytes) => socket.send(new Uint8Array(bytes)), end: () => socket.close() };
    return client;
  }

  send(bytes: Buffer): void {
    this.#pipe?.write(bytes);
  }

  close(): void {
    this.#pipe?.end();
  }

  async next(): Promise<Packet> {
    const until = Date.now() + WITHIN_MS;
    for (;;) {
      const packet = this.#cut();
      if (packet !== null) return packet;
      if (this.#isClosed) throw new Error('The connection was closed in place of an answer');
      if (Date.now() > until) throw new Error(`No packet within ${WITHIN_MS / 1000} s`);
      await pause(5);
    }
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
  }

  #close(): void {
    this.#isClosed = true;
  }

  /** The first whole packet of what was received: its answers are shorter than 16 KiB, so two bytes of length. */
  #cut(): Packet | null {
    const [first, low, high = 0] = this.#received;
    if (first === undefined || low === undefined) return null;
    const isLong = low >= 0x80;
    const length = isLong ? (low & 0x7f) + high * 128 : low;
    const start = isLong ? 3 : 2;
    if (this.#received.length < start + length) return null;
    const body = this.#received.subarray(start, start + length);
    this.#received = this.#received.subarray(start + length);
    return { type: first >> 4, flags: first & 0x0f, body };
  }
}

/** A text with its length in two bytes, as MQTT writes it. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

export function packet(firstByte: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([firstByte, ...length]), body]);
}

/** The topic and payload of a PUBLISH. */
export function published({ flags, body }: Packet): { topic: string; hex: string; qos: number; id: number } {
  const end = 2 + body.readUInt16BE(0);
  const qos = (flags >> 1) & 3;
  const id = qos === 0 ? 0 : body.readUInt16BE(end);
  const payload = body.subarray(qos === 0 ? end : end + 2);
  return { topic: body.subarray(2, end).toString(), hex: payload.toString('hex'), qos, id };
}
