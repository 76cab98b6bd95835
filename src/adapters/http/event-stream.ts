import type { ServerResponse } from 'node:http';

/** Behind this much a client is cut: it can come back, and is told what it has missed or that it has. */
const MOST_BEHIND = 64 * 1024;
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would hold the events back.
  'x-accel-buffering': 'no',
};
const COME_BACK_MS = 3_000;

/** An event as it is sent; `data` is JSON in one line. */
export interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** One client that is told of events as they happen (Server-Sent Events). */
export class EventStream {
  readonly #response: ServerResponse;
  #mostBehind = MOST_BEHIND;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, HEADERS);
    this.#write(`retry: ${COME_BACK_MS}\n\n`);
  }

  send(told: Told): void {
    this.#write(textOf(told));
  }

  /** What a client that comes back has missed may be more than one that listens may be behind: it has not left that unread. */
  catchUp(missed: readonly Told[]): void {
    const text = missed.map(textOf).join('');
    this.#mostBehind = MOST_BEHIND + text.length;
    this.#response.once('drain', () => {
      this.#mostBehind = MOST_BEHIND;
    });
    this.#write(text);
  }

  /** Proxies and phones end connections on which nothing passes. */
  beat(): void {
    this.#write(':\n\n');
  }

  end(): void {
    this.#response.end();
  }

  #write(text: string): void {
    const response = this.#response;
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > this.#mostBehind) response.destroy();
  }
}

function textOf({ event, id, data }: Told): string {
  return `event: ${event}\nid: ${id}\ndata: ${data}\n\n`;
}
