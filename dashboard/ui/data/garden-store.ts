import { reactive, shallowReactive } from 'vue';
import type { GardenClient } from './garden-client.ts';
import type { GardenEvent, Overview, Row, Sensor } from './shapes.ts';

const REFRESH_AFTER_MS = 300;
/** From so many sensors on that have changed, all are asked for at once. */
const MANY = 20;
/** Cards are told of what changes them; what no event tells is at most so old. */
const ALL_ANEW_MS = 60_000;

/** Who looks away for a moment goes on being told: to ask for all anew costs more. */
const LINGER_MS = 10_000;
/** RIPE may be starting, or its database be away for a moment. */
const RETRY_MS = 5_000;

export interface GardenStoreOptions {
  readonly lingerMs?: number;
  readonly retryMs?: number;
}

/** The garden as pages show it: asked for once, then kept up to date by events. */
export class GardenStore {
  readonly sensors = shallowReactive(new Map<number, Sensor>());
  readonly state = reactive({ isLoaded: false, isConnected: true, hasBroker: true, error: '' });
  readonly #client: GardenClient;
  readonly #lingerMs: number;
  readonly #retryMs: number;
  readonly #listeners = new Set<(event: GardenEvent) => void>();
  readonly #missed = new Set<() => void>();
  readonly #stale = new Set<number>();
  readonly #ends: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #following: 'all' | number = 'all';
  #isSeen = true;
  /** Events come. */
  #isTold = true;
  #leftAt = 0;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  #retrying: ReturnType<typeof setTimeout> | undefined;

  constructor(client: GardenClient, { lingerMs = LINGER_MS, retryMs = RETRY_MS }: GardenStoreOptions = {}) {
    this.#client = client;
    this.#lingerMs = lingerMs;
    this.#retryMs = retryMs;
  }

  start(): void {
    this.#ends.push(
      this.#client.onEvents((events) => {
        for (const event of events) this.#take(event);
      }),
      this.#client.onConnect(() => {
        this.state.isConnected = true;
        if (this.#isTold) this.#catchUp();
      }),
      this.#client.onDisconnect(() => {
        this.state.isConnected = false;
      }),
    );
    const anew = setInterval(() => {
      if (this.#isSeen && this.state.isConnected && this.#following === 'all') void this.load();
    }, ALL_ANEW_MS);
    this.#ends.push(() => clearInterval(anew));
    this.#tellFollowing();
    void this.load();
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    if (this.#timer !== null) clearTimeout(this.#timer);
    clearTimeout(this.#lingering);
    clearTimeout(this.#retrying);
    this.#client.follow(null);
  }

  /** While nobody sees the page it asks for nothing, and after a while is told nothing. */
  setSeen(isSeen: boolean): void {
    if (isSeen === this.#isSeen) return;
    this.#isSeen = isSeen;
    if (isSeen) this.#comeBack();
    else this.#lookAway();
  }

  #lookAway(): void {
    this.#leftAt = Date.now();
    this.#lingering = setTimeout(() => {
      this.#isTold = false;
      this.#tellFollowing();
    }, this.#lingerMs);
  }

  #comeBack(): void {
    clearTimeout(this.#lingering);
    // A phone that slept has stopped its timers, too, and nobody knows what it was told meanwhile.
    if (this.#isTold && Date.now() - this.#leftAt < this.#lingerMs) return;
    this.#isTold = true;
    this.#catchUp();
  }

  async load(): Promise<void> {
    try {
      const { brokers, sensors } = await this.#client.get<Overview>('/api/overview');
      const ids = new Set(sensors.map(({ id }) => id));
      for (const id of this.sensors.keys()) if (!ids.has(id)) this.sensors.delete(id);
      for (const sensor of sensors) this.sensors.set(sensor.id, sensor);
      Object.assign(this.state, { isLoaded: true, hasBroker: brokers.length > 0, error: '' });
    } catch (error) {
      this.state.error = (error as Error).message;
      this.#retryLater();
    }
  }

  follow(what: 'all' | number): void {
    if (what === this.#following) return;
    this.#following = what;
    this.#tellFollowing();
    // While one was followed, the others have gone on; and what happened to this one may not have been told yet.
    if (what === 'all') void this.load();
    else void this.refresh(what);
  }

  /** Hears of every event that is followed, after the store has taken it. */
  onEvent(listener: (event: GardenEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events may have been missed: whoever shows more than the sensors here asks anew. */
  onMissed(listener: () => void): () => void {
    this.#missed.add(listener);
    return () => this.#missed.delete(listener);
  }

  /** Asks for a sensor anew; what stands then is what RIPE says, not what a person has wished for. */
  async refresh(id: number): Promise<void> {
    this.#stale.delete(id);
    try {
      this.sensors.set(id, await this.#client.get<Sensor>(`/api/sensor/${id}/overview`));
    } catch {
      // It may have been deleted meanwhile: the event of that comes, too.
    }
  }

  /** A lost connection tells by itself that it is back. */
  #retryLater(): void {
    clearTimeout(this.#retrying);
    this.#retrying = setTimeout(() => {
      if (this.#isTold && this.state.isConnected) void this.load();
    }, this.#retryMs);
  }

  #tellFollowing(): void {
    this.#client.follow(this.#isTold ? this.#following : null);
  }

  #catchUp(): void {
    this.#tellFollowing();
    void this.load();
    for (const listener of this.#missed) listener();
  }

  #take(event: GardenEvent): void {
    const [area, text, kind] = event.topic.split('/');
    const id = Number(text);
    if (area === 'broker') this.#hearBroker(text ?? '');
    else if (kind === 'reading') this.#read(id, event.payload['reading'] as ReadingEvent);
    else if (kind === 'removed') this.sensors.delete(id);
    else if (kind !== 'log' && kind !== 'envelope') this.#mark(id);
    for (const listener of this.#listeners) listener(event);
  }

  /** Whether another broker serves, RIPE knows best. */
  #hearBroker(kind: string): void {
    if (kind === 'connected' || (kind === 'disconnected' && this.state.hasBroker)) {
      setTimeout(() => void this.load(), REFRESH_AFTER_MS);
    }
  }

  #read(id: number, reading: ReadingEvent | undefined): void {
    const sensor = this.sensors.get(id);
    if (sensor === undefined || reading === undefined) return;
    const timestamp = new Date(reading.timestamp).toISOString();
    const values = Object.entries(reading).filter(([, value]) => typeof value === 'number');
    const data = { ...sensor.data, ...Object.fromEntries(values), timestamp } as Row;
    this.sensors.set(id, { ...sensor, data, last_seen: new Date().toISOString() });
  }

  #mark(id: number): void {
    this.#stale.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const stale = [...this.#stale];
      this.#stale.clear();
      if (stale.length > MANY) void this.load();
      else for (const each of stale) void this.refresh(each);
    }, REFRESH_AFTER_MS);
  }
}

type ReadingEvent = Readonly<Record<string, number | null>> & { readonly timestamp: number };
