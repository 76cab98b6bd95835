import { EventTray, type PageEvent, type Patience } from './event-tray.ts';
import { isPageCall } from './page-calls.ts';
import { asTold, type Following, isWanted } from './page-events.ts';

/** What of a Socket.IO connection of a page is needed. */
export interface PageSocket {
  readonly connected: boolean;
  readonly handshake: { readonly headers: Readonly<Record<string, string | string[] | undefined>> };
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, payload: unknown): unknown;
}

/** What a page is answered: the HTTP status, and the JSON text of the body. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

type Acknowledge = (answer: Answer) => void;
type Message = Readonly<Record<string, unknown>>;

interface Page {
  /** Null: it wants to hear of nothing, yet or while nobody sees it. */
  following: Following | null;
  readonly asks: Set<string>;
  readonly detach: () => void;
}

interface Ask {
  readonly socket: PageSocket;
  readonly acknowledge: Acknowledge;
  readonly timer: NodeJS.Timeout;
}

export interface GardenLinkOptions {
  /** The id of the widget: pages may show several. */
  readonly id: string;
  /** To the wire that leads to ripe-api. */
  send(message: object): void;
  newId(): string;
}

const ANSWER_WITHIN_MS = 15_000;
/** A page that asks for more at once is refused. */
const MOST_ASKS = 64;
/** Events are told together: cards are glanced at, on the page of a sensor somebody waits for what becomes of an order. */
const OF_ALL: Patience = { readingsMs: 2_000, othersMs: 500 };
const OF_ONE: Patience = { readingsMs: 250, othersMs: 250 };

const refusal = (status: number, error: string): Answer => ({ status, body: JSON.stringify({ error }) });

/**
 * Between the pages and the wires: calls of pages go out, answers go back to who asked, and events to who follows
 * them. Nothing that a page is answered reaches another page.
 */
export class GardenLink {
  readonly #options: GardenLinkOptions;
  readonly #pages = new Map<PageSocket, Page>();
  readonly #asks = new Map<string, Ask>();
  /** What is followed by a page that is open and seen. */
  readonly #trays = new Map<Following, EventTray>();

  constructor(options: GardenLinkOptions) {
    this.#options = options;
  }

  get pages(): number {
    return [...this.#pages.keys()].filter(({ connected }) => connected).length;
  }

  /** Whether events are told to anybody. */
  get isFollowed(): boolean {
    return this.#trays.size > 0;
  }

  attach(socket: PageSocket): void {
    this.#forgetClosed();
    if (this.#pages.has(socket)) return;
    const { id } = this.#options;
    const ask = (call: unknown, acknowledge: unknown) => this.#ask(socket, call, acknowledge);
    const follow = (what: unknown) => this.#follow(socket, what);
    socket.on(`ripe-ask:${id}`, ask);
    socket.on(`ripe-follow:${id}`, follow);
    const detach = () => {
      socket.off(`ripe-ask:${id}`, ask);
      socket.off(`ripe-follow:${id}`, follow);
    };
    this.#pages.set(socket, { following: null, asks: new Set(), detach });
  }

  /** A message of the wires: the answer to an ask, or an event. */
  input(message: Message): void {
    const { dashboard, topic, statusCode, payload } = message;
    if (typeof dashboard === 'string') {
      this.#settle(dashboard, { status: Number(statusCode), body: String(payload) });
    } else if (typeof topic === 'string') this.#hear({ topic, payload });
  }

  stop(): void {
    for (const tray of this.#trays.values()) tray.stop();
    this.#trays.clear();
    for (const id of [...this.#asks.keys()]) this.#settle(id, refusal(503, 'The flow was deployed anew'));
    for (const { detach } of this.#pages.values()) detach();
    this.#pages.clear();
  }

  #ask(socket: PageSocket, call: unknown, acknowledge: unknown): void {
    const page = this.#pages.get(socket);
    if (page === undefined || typeof acknowledge !== 'function') return;
    const refused = refusalOf(page, call);
    if (refused !== null) {
      (acknowledge as Acknowledge)(refused);
      return;
    }
    const id = this.#options.newId();
    const timer = setTimeout(() => this.#settle(id, refusal(504, 'No answer')), ANSWER_WITHIN_MS);
    this.#asks.set(id, { socket, acknowledge: acknowledge as Acknowledge, timer });
    page.asks.add(id);
    // By which name the page reaches us, a new sensor will, too.
    const { host } = socket.handshake.headers;
    this.#options.send({
      call: { ...(call as object), ...(typeof host === 'string' ? { host } : {}) },
      dashboard: id,
    });
  }

  #settle(id: string, answer: Answer): void {
    const ask = this.#asks.get(id);
    if (ask === undefined) return;
    clearTimeout(ask.timer);
    this.#asks.delete(id);
    this.#pages.get(ask.socket)?.asks.delete(id);
    ask.acknowledge(answer);
  }

  #follow(socket: PageSocket, what: unknown): void {
    const page = this.#pages.get(socket);
    if (page === undefined || !(what === 'all' || what === null || typeof what === 'number')) return;
    page.following = what;
    if (what !== null && !this.#trays.has(what)) {
      const patience = what === 'all' ? OF_ALL : OF_ONE;
      this.#trays.set(what, new EventTray(patience, (events) => this.#tell(what, events)));
    }
    this.#dropUnfollowed();
  }

  #hear(event: PageEvent): void {
    for (const [following, tray] of this.#trays) if (isWanted(event, following)) tray.add(asTold(event));
  }

  #tell(following: Following, events: readonly PageEvent[]): void {
    this.#dropUnfollowed();
    for (const [socket, page] of this.#pages)
      if (page.following === following) socket.emit(`ripe-events:${this.#options.id}`, events);
  }

  #dropUnfollowed(): void {
    this.#forgetClosed();
    const followed = new Set([...this.#pages.values()].map((page) => page.following));
    for (const [following, tray] of this.#trays) {
      if (followed.has(following)) continue;
      tray.stop();
      this.#trays.delete(following);
    }
  }

  #forgetClosed(): void {
    for (const [socket, page] of this.#pages) {
      if (socket.connected) continue;
      page.detach();
      this.#pages.delete(socket);
    }
  }
}

function refusalOf({ asks }: Page, call: unknown): Answer | null {
  if (asks.size >= MOST_ASKS) return refusal(429, 'Too many questions at once');
  if (typeof call !== 'object' || call === null) return refusal(400, 'call: must be an object');
  return isPageCall(call) ? null : refusal(403, 'Not from this page');
}
