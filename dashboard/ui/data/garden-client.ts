import type { GardenEvent } from './shapes.ts';

/** What of the dashboard's Socket.IO client is needed. */
export interface Socket {
  readonly connected: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Asker {
  readonly timeZone: string;
  readonly locale: string;
}

export interface GardenClientOptions {
  /** The id of the widget. */
  readonly widget: string;
  asker(): Asker;
  /** Says that nobody has answered, as a person reads it. */
  noAnswer(): string;
  /** What a refusal with that code is in words of the page; undefined: what RIPE says is good enough. */
  errorText(code: string): string | undefined;
}

/** What a call was refused with; `code` as in docs/errors.md. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, message: string, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether it was done all the same nobody knows. */
  get isUnanswered(): boolean {
    return this.status === 0 || this.status === 504;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A little longer than the other side waits. */
const PATIENCE_MS = 20_000;

/** Asks RIPE over the dashboard's own socket, in terms of its REST routes, and follows what happens. */
export class GardenClient {
  readonly #socket: Socket;
  readonly #widget: string;
  readonly #options: GardenClientOptions;

  constructor(socket: Socket, options: GardenClientOptions) {
    this.#socket = socket;
    this.#widget = options.widget;
    this.#options = options;
  }

  get<Body>(path: string): Promise<Body> {
    return this.ask<Body>('GET', path);
  }

  ask<Body>(method: Method, path: string, body?: unknown): Promise<Body> {
    const call = { method, path, ...this.#options.asker(), ...(body === undefined ? {} : { body }) };
    return new Promise((resolve, reject) => {
      const giveUp = (status = 0) => reject(new Refusal(status, this.#options.noAnswer()));
      if (!this.#socket.connected) {
        giveUp();
        return;
      }
      const timer = setTimeout(giveUp, PATIENCE_MS);
      this.#socket.emit(`ripe-ask:${this.#widget}`, call, (answer: Answer) => {
        clearTimeout(timer);
        if (answer.status === 504) {
          giveUp(answer.status);
          return;
        }
        try {
          resolve(bodyOf<Body>(answer, this.#options));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Which events are to come: of all sensors, everything of one, or none. */
  follow(what: 'all' | number | null): void {
    this.#socket.emit(`ripe-follow:${this.#widget}`, what);
  }

  onEvents(listener: (events: readonly GardenEvent[]) => void): () => void {
    return this.#on(`ripe-events:${this.#widget}`, listener);
  }

  onConnect(listener: () => void): () => void {
    return this.#on('connect', listener);
  }

  onDisconnect(listener: () => void): () => void {
    return this.#on('disconnect', listener);
  }

  #on(event: string, listener: (...args: never[]) => void): () => void {
    this.#socket.on(event, listener);
    return () => this.#socket.off(event, listener);
  }
}

function bodyOf<Body>({ status, body }: Answer, { errorText }: GardenClientOptions): Body {
  const parsed: unknown = JSON.parse(body);
  if (status >= 200 && status < 300) return parsed as Body;
  const { error = String(status), code } = (parsed ?? {}) as { error?: string; code?: string };
  throw new Refusal(status, (code === undefined ? undefined : errorText(code)) ?? error, code);
}

/** A domain in a path: base64 of its UTF-8 bytes. */
export function agentPath(sensor: number, domain: string, rest = ''): string {
  const bytes = new TextEncoder().encode(domain);
  return `/api/agent/${sensor}/${encodeURIComponent(btoa(String.fromCharCode(...bytes)))}${rest}`;
}

/** A half-open range of time (ms UTC) in a query. */
export function rangeQuery(from: number, until: number): string {
  return `from=${new Date(from).toISOString()}&until=${new Date(until).toISOString()}`;
}
