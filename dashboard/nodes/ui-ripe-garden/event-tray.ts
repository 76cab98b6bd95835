/** An event as pages are told it. */
export interface PageEvent {
  readonly topic: string;
  readonly payload: unknown;
}

/** What comes faster than pages are told: then the oldest is dropped, and pages ask anew once a minute anyway. */
const MOST_EVENTS = 2_000;

/** Collects events, and serves what has come together, at most once in so many ms. */
export class EventTray {
  readonly #everyMs: number;
  readonly #serve: (events: readonly PageEvent[]) => void;
  readonly #waiting = new Map<string, PageEvent>();
  #sequence = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(everyMs: number, serve: (events: readonly PageEvent[]) => void) {
    this.#everyMs = everyMs;
    this.#serve = serve;
  }

  /** Of the readings of a sensor the newest counts. */
  add(event: PageEvent): void {
    this.#sequence += 1;
    const key = event.topic.endsWith('/reading') ? event.topic : `${event.topic}#${this.#sequence}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, event);
    if (this.#waiting.size > MOST_EVENTS) this.#waiting.delete([...this.#waiting.keys()][0] ?? '');
    this.#timer ??= setTimeout(() => this.#flush(), this.#everyMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    this.#timer = null;
    const events = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#serve(events);
  }
}
