import { EventEmitter } from 'node:events';
import type { AgentHost, AgentSource, AgentTypes, KeptVersion } from '../../domain/agent/agent-host.ts';

/** What remembers agent types that are not loaded now. */
export interface AgentArchive {
  versions(name: string): KeptVersion[];
  earlier(name: string, version: string): Promise<AgentHost | undefined>;
  neutralOf(name: string): number | undefined;
}

/** Whose agent type of a name decides, where several sources bring one: the last of these that is there. */
const PRECEDENCE: readonly AgentSource[] = ['shipped', 'palette', 'folder', 'wires'];

/**
 * The agent types that are loaded now: by name, at most one version of each source. Emits `changed` with the name of
 * one whose version in service may be another now.
 */
export class AgentRegistry extends EventEmitter<{ changed: [name: string] }> implements AgentTypes {
  readonly #offers = new Map<string, Map<AgentSource, AgentHost>>();
  /** Who works with which version: one that is out of service stops when the last has let go of it. */
  readonly #holds = new Map<AgentHost, number>();
  #archive: AgentArchive | null = null;
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
    const offers = this.#offers.get(name);
    const source = PRECEDENCE.findLast((each) => offers?.has(each));
    return source === undefined ? undefined : offers?.get(source);
  }

  /** Every version that is offered under a name, in service or superseded. */
  offers(name: string): AgentHost[] {
    return [...(this.#offers.get(name)?.values() ?? [])];
  }

  /** The version that one source offers, whether it is in service or superseded. */
  offer(name: string, source: AgentSource): AgentHost | undefined {
    return this.#offers.get(name)?.get(source);
  }

  names(): string[] {
    return [...this.#offers.keys()].sort();
  }

  /** Asks this from now on for what is not loaded. */
  remember(archive: AgentArchive): void {
    this.#archive = archive;
  }

  versions(name: string): KeptVersion[] {
    const inService = this.get(name);
    const offered = this.offers(name).sort((a, b) => Number(b === inService) - Number(a === inService));
    const known = [...offered, ...(this.#archive?.versions(name) ?? [])];
    const isFirst = (kept: KeptVersion, index: number) =>
      known.findIndex(({ version, source }) => version === kept.version && source === kept.source) === index;
    return known.filter((kept, index) => kept.source !== 'wires' && isFirst(kept, index));
  }

  async earlier(name: string, version: string): Promise<AgentHost | undefined> {
    return this.#archive?.earlier(name, version);
  }

  neutralOf(name: string): number {
    return this.get(name)?.neutral ?? this.#archive?.neutralOf(name) ?? 0;
  }

  /** Offers a version, in place of the one of the same name and source. */
  put(host: AgentHost): void {
    const offers = this.#offers.get(host.name) ?? new Map<AgentSource, AgentHost>();
    this.#offers.set(host.name, offers);
    const former = offers.get(host.source);
    offers.set(host.source, host);
    this.emit('changed', host.name);
    if (former !== undefined) this.#stopIfIdle(former);
  }

  /** What somebody should know of a version in service that is still the same: that it is condemned. */
  announce(name: string): void {
    this.emit('changed', name);
  }

  /** Takes back an offer; one of the same name from another source is in service then. */
  withdraw(host: AgentHost): void {
    const offers = this.#offers.get(host.name);
    if (offers?.get(host.source) !== host) return;
    offers.delete(host.source);
    if (offers.size === 0) this.#offers.delete(host.name);
    this.emit('changed', host.name);
    this.#stopIfIdle(host);
  }

  /** Takes back every offer of a name. */
  delete(name: string): void {
    for (const host of [...(this.#offers.get(name)?.values() ?? [])]) this.withdraw(host);
  }

  hold(host: AgentHost): void {
    this.#holds.set(host, (this.#holds.get(host) ?? 0) + 1);
  }

  release(host: AgentHost): void {
    const holds = (this.#holds.get(host) ?? 0) - 1;
    if (holds > 0) this.#holds.set(host, holds);
    else this.#holds.delete(host);
    this.#stopIfIdle(host);
  }

  /** The end of the garden: stops every version, whoever holds it. */
  clear(): void {
    for (const name of this.names()) this.delete(name);
    for (const host of this.#holds.keys()) host.stop();
    this.#holds.clear();
  }

  #stopIfIdle(host: AgentHost): void {
    if (this.offer(host.name, host.source) === host || this.#holds.has(host)) return;
    host.stop();
  }
}
