import { EventEmitter } from 'node:events';
import type { AgentHost, AgentSource } from '../../domain/agent/agent-host.ts';
import type { PluginControl, PluginEvent, PluginInfo } from '../../domain/agent/plugin.ts';
import { RipeError } from '../../domain/errors.ts';
import type { AgentRegistry } from './agent-registry.ts';

/** A plugin as the desk knows it: one that loads its versions itself, or a host that somebody has registered. */
export interface DeskEntry {
  readonly plugin: string;
  readonly source: AgentSource;
  info(): PluginInfo;
}

/** What looks for plugins and loads them; the desk hands to it what a person asks for. */
export interface PluginLoading extends Omit<PluginControl, 'list'> {}

/**
 * All plugins of a garden and how they stand, whatever loads them. Hosts in this process are registered here directly
 * (what ships with RIPE, agent types made of wires); files and packages come through the loading pipeline.
 */
export class PluginDesk extends EventEmitter<{ event: [event: PluginEvent] }> implements PluginControl {
  readonly #registry: AgentRegistry;
  readonly #entries = new Map<string, DeskEntry>();
  #loading: PluginLoading | null = null;

  constructor(registry: AgentRegistry) {
    super();
    this.#registry = registry;
  }

  /**
   * Puts a host in service for a plugin of this process, in place of its former version. Throws where another plugin of
   * the same source has this name.
   */
  register(plugin: string, host: AgentHost): void {
    this.requireName(plugin, host);
    const former = this.#entries.get(keyOf(host.source, plugin))?.info();
    if (former !== undefined && former.name !== null && former.name !== host.name)
      this.withdraw(plugin, host.source);
    this.#entries.set(keyOf(host.source, plugin), this.#hosted(plugin, host));
    this.#registry.put(host);
    const { name, version, source } = host;
    if (former?.name !== name) this.tell({ kind: 'loaded', name, version, source, plugin });
    else this.tell({ kind: 'updated', name, version, source, plugin, ...formerOf(former) });
  }

  /** Takes a registered plugin out of service; another source's of the same name decides then. */
  withdraw(plugin: string, source: AgentSource): void {
    const info = this.#entries.get(keyOf(source, plugin))?.info();
    if (!this.#entries.delete(keyOf(source, plugin)) || info?.name == null) return;
    const host = this.#registry.offer(info.name, source);
    if (host !== undefined) this.#registry.withdraw(host);
    this.tell({ kind: 'retired', name: info.name, version: info.version, source, plugin });
  }

  has(plugin: string, source: AgentSource): boolean {
    return this.#entries.has(keyOf(source, plugin));
  }

  /** Throws where another plugin of the same source has this name; what another source brings is superseded. */
  requireName(plugin: string, { name, source }: Pick<AgentHost, 'name' | 'source'>): void {
    for (const entry of this.#entries.values()) {
      if (entry.source !== source || entry.plugin === plugin || entry.info().name !== name) continue;
      throw new RipeError('RIPE_PLUGIN_INVALID', {
        plugin,
        reason: `the name ${name} is taken by ${entry.plugin}`,
      });
    }
  }

  /** A plugin that loads its versions itself. */
  enter(entry: DeskEntry): void {
    this.#entries.set(keyOf(entry.source, entry.plugin), entry);
  }

  remove(entry: DeskEntry): void {
    this.#entries.delete(keyOf(entry.source, entry.plugin));
  }

  /** What loads files and packages; call the answer when it has gone. */
  attach(loading: PluginLoading): () => void {
    this.#loading = loading;
    return () => {
      if (this.#loading === loading) this.#loading = null;
    };
  }

  tell(event: PluginEvent): void {
    this.emit('event', event);
  }

  list(): PluginInfo[] {
    return [...this.#entries.values()]
      .map((entry) => entry.info())
      .sort((a, b) => textOf(a).localeCompare(textOf(b)));
  }

  async rescan(): Promise<void> {
    await this.#required().rescan();
  }

  async pin(name: string, version?: string): Promise<void> {
    await this.#required().pin(name, version);
  }

  async unpin(name: string): Promise<void> {
    await this.#required().unpin(name);
  }

  async rollBack(name: string): Promise<void> {
    await this.#required().rollBack(name);
  }

  #required(): PluginLoading {
    if (this.#loading === null) throw new RipeError('RIPE_PLUGIN_LOADER_MISSING');
    return this.#loading;
  }

  #hosted(plugin: string, host: AgentHost): DeskEntry {
    const { name, version, source } = host;
    return {
      plugin,
      source,
      info: () => ({
        plugin,
        source,
        name,
        version,
        health: 'well',
        isInService: this.#registry.get(name) === host,
        isPinned: false,
        lastGood: null,
        refused: null,
      }),
    };
  }
}

const keyOf = (source: AgentSource, plugin: string): string => `${source}/${plugin}`;
const textOf = ({ name, source, plugin }: PluginInfo): string => `${name ?? plugin}/${source}/${plugin}`;

function formerOf({ version }: PluginInfo): { former?: string } {
  return version === null ? {} : { former: version };
}
