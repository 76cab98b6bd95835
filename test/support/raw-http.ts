import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 10_000;

/** A connection on which the bytes are the test's own. */
export class RawHttp {
  readonly #socket: Socket;
  #received = '';
  #isClosed = false;

  constructor({ port }: { readonly port: number }) {
    this.#socket = createConnection({ port, host: '127.0.0.1' });
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1');
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#isClosed = true;
    });
  }

  send(bytes: string | Uint8Array): this {
    this.#socket.write(bytes);
    return this;
  }

  /** Cuts the connection, without a goodbye. */
  abort(): void {
    this.#socket.resetAndDestroy();
  }

  /** The status and whole text of an answer; null where the connection was closed without one. */
  async answer(withinMs = WITHIN_MS): Promise<{ status: number; text: string } | null> {
    const text = await this.#until(isWhole, withinMs);
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
    return status === undefined ? null : { status: Number(status), text };
  }

  /** What was answered up to the end of its headers. */
  head(): Promise<string> {
    return this.#until((text) => text.includes('\r\n\r\n'), WITHIN_MS);
  }

  async #until(isEnough: (received: string) => boolean, withinMs: number): Promise<string> {
    const until = Date.now() + withinMs;
    while (!this.#isClosed && !isEnough(this.#received)) {
      if (Date.now() > until) {
        this.#socket.destroy();
        throw new Error(`No answer within ${withinMs} ms: ${this.#received}`);
      }
      await pause(5);
    }
    this.#socket.destroy();
    return this.#received;
  }
}

function isWhole(received: string): boolean {
  const [head = '', body] = received.split(/\r\n\r\n(.*)/s);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  return length !== undefined && body !== undefined && body.length >= Number(length);
}
