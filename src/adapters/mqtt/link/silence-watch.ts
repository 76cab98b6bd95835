export interface SilenceWatchOptions {
  keepAliveMs: number;
  ping(): void;
  onSilent(): void;
}

const TICKS_PER_KEEP_ALIVE = 10;
const PING_AFTER_TICKS = 4;
/** Before 1.5 keep-alives, so that the next broker is in service by then. */
const SILENT_AFTER_TICKS = 13;

/**
 * Notices a broker that says nothing any more: frozen, or behind a connection that is dead at the other end only. MQTT.js
 * looks after its pings too, but puts them off with each message that it sends, so that a busy pool would wait for TCP.
 * It counts ticks, not time: after a pause of this process what has arrived meanwhile is heard first.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #silentTicks = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#timer = setInterval(() => this.#tick(), this.#options.keepAliveMs / TICKS_PER_KEEP_ALIVE);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  heard(): void {
    this.#silentTicks = 0;
  }

  #tick(): void {
    this.#silentTicks += 1;
    if (this.#silentTicks >= SILENT_AFTER_TICKS) this.#options.onSilent();
    else if (this.#silentTicks % PING_AFTER_TICKS === 0) this.#options.ping();
  }
}
