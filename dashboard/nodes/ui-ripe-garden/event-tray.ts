/** An event as pages are told it. */
export interface PageEvent {
  readonly topic: string;
  readonly payload: unknown;
}

/** How long events may wait for others, in ms. */
export interface Patience {
  readonly readingsMs: number;
  readonly othersMs: number;
}

/** What comes faster than pages are told: then the oldest is dropped, and pages ask anew once a minute anyway. */
const MOST_EVENTS = 2_000;

/** Collects events, and serves together what has come by the time that one of them can wait no longer. */
export class EventTray {
  readonly #patience: Patience;
  readonly #serve: (events: readonly PageEvent[]) => void;
  readonly #waiting = new Map<string, PageEvent>();
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(patience: Patience, serve: (events: readonly PageEvent[]) => void) {
    this.#patience = patience;
    this.#serve = serve;
  }

  /** Of the readings of a sensor the newest counts. */
  add(event: PageEvent): void {
    const isReading = event.topic.endsWith('/reading');
    this.#sequence += 1;
    const key = isReading ? event.topic : `${event.topic}#${this.#sequence}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, event);
    if (this.#waiting.size > MOST_EVENTS) this.#waiting.delete([...this.#waiting.keys()][0] ?? '');
    this.#serveWithin(isReading ? this.#patience.readingsMs : this.#patience.othersMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #serveWithin(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#flush(), ms);
  }

  #flush(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    const events = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#serve(events);
  }
}
