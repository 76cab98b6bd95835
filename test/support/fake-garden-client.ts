import type { GardenClient } from '../../dashboard/ui/data/garden-client.ts';
import type { GardenEvent } from '../../dashboard/ui/data/shapes.ts';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** RIPE as a page sees it, answering what the test says. */
export class FakeGardenClient {
  readonly calls: Call[] = [];
  readonly followed: ('all' | number | null)[] = [];
  answer: (call: Call) => unknown = () => null;
  readonly #events = new Set<(events: readonly GardenEvent[]) => void>();
  readonly #connects = new Set<() => void>();
  readonly #disconnects = new Set<() => void>();

  /** What code under test takes it for. */
  get asClient(): GardenClient {
    return this as unknown as GardenClient;
  }

  get paths(): string[] {
    return this.calls.map(({ path }) => path);
  }

  get(path: string): Promise<unknown> {
    return this.ask('GET', path);
  }

  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const call = { method, path, ...(body === undefined ? {} : { body }) };
    this.calls.push(call);
    return this.answer(call);
  }

  follow(what: 'all' | number | null): void {
    this.followed.push(what);
  }

  onEvents(listener: (events: readonly GardenEvent[]) => void): () => void {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }

  onConnect(listener: () => void): () => void {
    this.#connects.add(listener);
    return () => this.#connects.delete(listener);
  }

  onDisconnect(listener: () => void): () => void {
    this.#disconnects.add(listener);
    return () => this.#disconnects.delete(listener);
  }

  tell(topic: string, payload: object = {}): void {
    for (const listener of this.#events) listener([{ topic, payload } as GardenEvent]);
  }

  connect(): void {
    for (const listener of this.#connects) listener();
  }

  disconnect(): void {
    for (const listener of this.#disconnects) listener();
  }
}
