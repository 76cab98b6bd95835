import type { IncomingMessage, ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import type { RuntimeEvent } from '../../domain/runtime/events.ts';
import type { Locale } from '../../domain/time/zones.ts';
import { wireJson } from '../../domain/wire-json.ts';
import { EventRing } from './event-ring.ts';
import { EventStream, type Told } from './event-stream.ts';

export interface EventStreamsOptions {
  bodyOf(event: RuntimeEvent, locale: Locale): object;
  /** The present key of a sensor: a stream that was opened under another one ends. */
  keyOf(sensor: number): string | undefined;
  addressOf(request: IncomingMessage): string;
  readonly perSensor?: number;
  readonly perAddress?: number;
  readonly inAll?: number;
  readonly kept?: number;
  readonly beatMs?: number;
  readonly lastsMs?: number;
  /** How long events are kept for clients that come back. */
  readonly lingerMs?: number;
}

interface Open {
  readonly sensor: number;
  readonly address: string;
  readonly locale: Locale;
  readonly key: string | undefined;
  readonly stream: EventStream;
  readonly endsAt: number;
}

interface Kept {
  readonly ring: EventRing<RuntimeEvent>;
  open: number;
  /** Since when nobody listens. */
  idleSince: number;
}

const PER_SENSOR = 8;
/** Who has many sensors must not leave nobody else a stream. */
const PER_ADDRESS = 64;
const IN_ALL = 256;
const KEPT = 256;
const BEAT_MS = 15_000;
const LASTS_MS = 3_600_000;
const LINGER_MS = 300_000;

/**
 * The clients that are told live what happens to a sensor. Events are kept of those sensors only that somebody listens to,
 * and for a while after: who comes back within it misses nothing, and who comes later is told that it has.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #open = new Set<Open>();
  readonly #kept = new Map<number, Kept>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), options.beatMs ?? BEAT_MS);
    this.#timer.unref();
  }

  get count(): number {
    return this.#open.size;
  }

  /** Keeps the response open for events; throws RIPE_STREAM_LIMIT where there are too many. */
  open(response: ServerResponse, sensor: number, locale: Locale, lastId: string | undefined): void {
    const { lastsMs = LASTS_MS, keyOf, addressOf } = this.#options;
    const kept = this.#keptOf(sensor);
    const address = addressOf(response.req);
    const limit = this.#limitReached(kept, address);
    if (limit !== undefined) throw new RipeError('RIPE_STREAM_LIMIT', { limit });
    const stream = new EventStream(response);
    const endsAt = Date.now() + lastsMs;
    const open: Open = { sensor, address, locale, key: keyOf(sensor), stream, endsAt };
    this.#open.add(open);
    kept.open += 1;
    response.once('close', () => {
      this.#open.delete(open);
      kept.open -= 1;
      kept.idleSince = Date.now();
    });
    this.#resume(open, kept.ring, lastId);
    // Who only asks for the headers has them.
    if (response.req.method === 'HEAD') stream.end();
  }

  tell(event: RuntimeEvent): void {
    const kept = this.#kept.get(event.sensor);
    if (kept === undefined) return;
    const id = kept.ring.add(event);
    for (const open of this.#open) {
      if (open.sensor !== event.sensor) continue;
      open.stream.send(this.#told(open, id, event));
      if (event.kind === 'removed') open.stream.end();
    }
    if (event.kind === 'removed') this.#kept.delete(event.sensor);
  }

  /** Keys have changed: who listens by a former one comes back with the present one, or not at all. */
  keysChanged(): void {
    for (const { sensor, key, stream } of this.#open) if (this.#options.keyOf(sensor) !== key) stream.end();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const { stream } of this.#open) stream.end();
  }

  #limitReached(kept: Kept, address: string): number | undefined {
    const { perSensor = PER_SENSOR, perAddress = PER_ADDRESS, inAll = IN_ALL } = this.#options;
    if (kept.open >= perSensor) return perSensor;
    const same = [...this.#open].filter((open) => open.address === address).length;
    if (same >= perAddress) return perAddress;
    return this.#open.size >= inAll ? inAll : undefined;
  }

  #keptOf(sensor: number): Kept {
    let kept = this.#kept.get(sensor);
    if (kept === undefined) {
      const now = Date.now();
      kept = { ring: new EventRing(now, this.#options.kept ?? KEPT), open: 0, idleSince: now };
      this.#kept.set(sensor, kept);
    }
    return kept;
  }

  /** A client that names no event has asked for the state by other routes, or will. */
  #resume(open: Open, ring: EventRing<RuntimeEvent>, lastId: string | undefined): void {
    const missed = lastId === undefined ? [] : ring.after(lastId);
    const nothing = { id: ring.lastId, data: '{}' };
    if (missed === null) open.stream.send({ event: 'resync', ...nothing });
    else if (missed.length === 0) open.stream.send({ event: 'ready', ...nothing });
    else open.stream.catchUp(missed.map(({ id, event }) => this.#told(open, id, event)));
  }

  #told({ locale }: Open, id: string, event: RuntimeEvent): Told {
    return { event: event.kind, id, data: wireJson(this.#options.bodyOf(event, locale)) };
  }

  #beat(): void {
    const now = Date.now();
    for (const { stream, endsAt } of this.#open) {
      if (endsAt <= now) stream.end();
      else stream.beat();
    }
    const { lingerMs = LINGER_MS } = this.#options;
    for (const [sensor, { open, idleSince }] of this.#kept) {
      if (open === 0 && now - idleSince >= lingerMs) this.#kept.delete(sensor);
    }
  }
}
