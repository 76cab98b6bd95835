import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';

const WIDGET = 'ripe.dashboard.garden';
const ANSWER_WITHIN_MS = 10_000;
/** Long enough for an answer that must not come. */
const SILENCE_MS = 1_000;

export interface PageSocketOptions {
  readonly cookie?: string;
  readonly origin?: string;
}

/** A connection to the dashboard's Socket.IO, packet by packet: what somebody can do who has no page, but a socket. */
export class PageSocket {
  readonly packets: string[] = [];
  readonly #socket: WebSocket;
  #asked = 0;

  static async open(url: string, { cookie, origin }: PageSocketOptions = {}): Promise<PageSocket> {
    const place = `${url.replace('http', 'ws')}/dashboard/socket.io/?EIO=4&transport=websocket`;
    const headers = cookie === undefined ? {} : { cookie };
    const socket = new WebSocket(place, { headers, ...(origin === undefined ? {} : { origin }) });
    const opened = new PageSocket(socket);
    await once(socket, 'open');
    return opened;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const packet = String(data);
      if (packet === '2') socket.send('3');
      else this.packets.push(packet);
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Enters a namespace; null: it was refused. */
  async connect(namespace = ''): Promise<string | null> {
    this.#socket.send(`40${namespace}`);
    const answer = await this.#next(/^4[04]/, ANSWER_WITHIN_MS);
    assert.ok(answer !== undefined, 'who connects is answered');
    return answer.startsWith('40') ? answer : null;
  }

  /** Asks RIPE as the page does. */
  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: string }> {
    const answer = await this.#next(this.#send(method, path, body), ANSWER_WITHIN_MS);
    assert.ok(answer !== undefined, `${method} ${path} is answered`);
    return (JSON.parse(answer.slice(answer.indexOf('['))) as [never])[0];
  }

  /** Asks the same; fails if anybody answers. */
  async askInVain(method: string, path: string, body?: object): Promise<void> {
    assert.equal(await this.#next(this.#send(method, path, body), SILENCE_MS), undefined);
  }

  follow(what: 'all' | number): void {
    this.#socket.send(`42${JSON.stringify([`ripe-follow:${WIDGET}`, what])}`);
  }

  close(): void {
    this.#socket.terminate();
  }

  /** What the answer begins with. */
  #send(method: string, path: string, body: object | undefined): RegExp {
    this.#asked += 1;
    const call = { method, path, ...(body === undefined ? {} : { body }) };
    this.#socket.send(`42${this.#asked}${JSON.stringify([`ripe-ask:${WIDGET}`, call])}`);
    return new RegExp(`^43${this.#asked}\\[`);
  }

  async #next(pattern: RegExp, withinMs: number): Promise<string | undefined> {
    const end = Date.now() + withinMs;
    while (Date.now() < end) {
      const found = this.packets.find((packet) => pattern.test(packet));
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return undefined;
  }
}

/** The cookie of a login, as a browser sends it back. */
export async function logIn(url: string, password: string): Promise<string> {
  const response = await fetch(`${url}/dashboard/login`, {
    method: 'POST',
    headers: { origin: url },
    body: new URLSearchParams({ password }),
    redirect: 'manual',
  });
  const [cookie] = response.headers.getSetCookie();
  assert.ok(cookie, `logged in: ${response.status}`);
  return cookie.split(';')[0] ?? '';
}
