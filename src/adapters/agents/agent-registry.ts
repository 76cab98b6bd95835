import { EventEmitter } from 'node:events';
import type { AgentHost, AgentTypes } from '../../domain/agent-host.ts';

/** The agent types that are loaded now. Emits `changed` with the name of one that came or went. */
export class AgentRegistry extends EventEmitter<{ changed: [name: string] }> implements AgentTypes {
  readonly #hosts = new Map<string, AgentHost>();
  #loading: Promise<unknown> = Promise.resolve();

  /** Resolves when the loading that has begun so far is over, however it went. */
  get settled(): Promise<void> {
    return this.#loading.then(
      () => undefined,
      () => undefined,
    );
  }

  /** Somebody loads agent types until this promise settles. */
  loading(until: Promise<unknown>): void {
    this.#loading = Promise.allSettled([this.#loading, until]);
  }

  get(name: string): AgentHost | undefined {
    return this.#hosts.get(name);
  }

  names(): string[] {
    return [...this.#hosts.keys()].sort();
  }

  /** Puts a version in service, in place of the one of the same name. */
  put(host: AgentHost): void {
    const former = this.#hosts.get(host.name);
    this.#hosts.set(host.name, host);
    if (former !== host) former?.stop();
    this.emit('changed', host.name);
  }

  delete(name: string): void {
    const host = this.#hosts.get(name);
    if (host === undefined) return;
    this.#hosts.delete(name);
    host.stop();
    this.emit('changed', name);
  }

  clear(): void {
    for (const name of this.names()) this.delete(name);
  }
}
