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

/** One client that is told of events as they happen (Server-Sent Events). */
export class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, HEADERS);
    this.#write(`retry: ${COME_BACK_MS}\n\n`);
  }

  /** `data`: JSON in one line. */
  send(event: string, id: string, data: string): void {
    this.#write(`event: ${event}\nid: ${id}\ndata: ${data}\n\n`);
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
    if (response.writableLength > MOST_BEHIND) response.destroy();
  }
}
