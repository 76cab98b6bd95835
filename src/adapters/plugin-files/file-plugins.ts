import type { AgentHost, KeptVersion } from '../../domain/agent/agent-host.ts';
import type { VersionName } from '../../domain/agent-bench/what-if.ts';
import { fieldError, type RipeError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/time/clock.ts';
import type { AgentArchive, AgentRegistry } from '../agents/agent-registry.ts';
import type { PluginDesk, PluginLoading } from '../agents/plugin-desk.ts';
import type { HostingOptions } from '../agents/worker/worker-host.ts';
import { Catalogue } from './catalogue.ts';
import { FilePlugin } from './file-plugin.ts';
import type { FilePluginServices } from './file-plugin-services.ts';
import type { KeptCode } from './kept-code.ts';
import { type FoundPlugin, idOf, type PluginSource } from './plugin-source.ts';
import { PluginWatch, type WatchPace } from './plugin-watch.ts';
import { StagingArea } from './staging-area.ts';
import { Turnstile } from './turnstile.ts';

/** Trials at a time. */
const PLACES = 2;

export interface FilePluginsOptions {
  readonly desk: PluginDesk;
  readonly registry: AgentRegistry;
  /** For staged copies and what is remembered of plugins; under the user directory. */
  readonly folder: string;
  readonly clock: Clock;
  readonly hosting?: HostingOptions;
  /** How often sources are looked at; default: as fits a folder that a person writes to. */
  readonly pace?: WatchPace;
  /** A source cannot be looked at. */
  onError(error: unknown): void;
  /** What is remembered of plugins could not be written. */
  onUnwritten(error: RipeError): void;
  /** A plugin has written a line to its console. */
  onLog?(plugin: string, line: string): void;
}

/** All plugins that are files: notices what comes, changes and goes, and takes each through its pipeline. */
export class FilePlugins implements PluginLoading, AgentArchive {
  readonly #services: FilePluginServices;
  readonly #plugins = new Map<string, FilePlugin>();
  readonly #watch: PluginWatch;
  #lastError = '';

  constructor({ folder, pace, onError, onUnwritten, onLog, hosting = {}, ...shared }: FilePluginsOptions) {
    this.#services = {
      ...shared,
      hosting,
      onLog: (plugin, line) => onLog?.(plugin, line),
      catalogue: new Catalogue(folder, onUnwritten),
      staging: new StagingArea(folder),
      turnstile: new Turnstile(PLACES),
    };
    const failed = (error: unknown) => {
      if (this.#lastError !== String(error)) onError(error);
      this.#lastError = String(error);
    };
    const settled = (found: FoundPlugin) => this.#take(found);
    this.#watch = new PluginWatch({ settled, gone: (found) => this.#gone(found), failed }, pace);
  }

  /** Resolves when what lies there is in service or refused. */
  async start(sources: readonly PluginSource[]): Promise<void> {
    const { catalogue, staging, registry } = this.#services;
    await staging.open();
    await catalogue.open();
    registry.remember(this);
    this.#watch.start(sources);
    this.#missPinned();
    await this.#idle();
  }

  /** Looks no more. What is in service stays there. */
  async stop(): Promise<void> {
    this.#watch.stop();
    await this.#idle();
  }

  /** Resolves when what has changed up to now is in service or refused. */
  async look(): Promise<void> {
    await this.#watch.settle();
    await this.#idle();
  }

  async rescan(): Promise<void> {
    await this.look();
    await Promise.all([...this.#plugins.values()].map((plugin) => plugin.retry()));
  }

  async pin(name: string, version?: string): Promise<void> {
    await this.#named(name).pin(version);
  }

  async unpin(name: string): Promise<void> {
    await this.#named(name).unpin();
  }

  async rollBack(name: string): Promise<void> {
    await this.#named(name).rollBack();
  }

  async earlier(name: string, version: string): Promise<AgentHost | undefined> {
    for (const plugin of this.#plugins.values()) {
      const host = await plugin.earlier(name, version);
      if (host !== undefined) return host;
    }
    return undefined;
  }

  versions(name: string): KeptVersion[] {
    return [...this.#plugins.values()].flatMap((plugin) => plugin.versions(name));
  }

  /** The code of a version that is kept; undefined: none is, or not any more. */
  codeOf({ agentName, version, source }: VersionName): KeptCode | undefined {
    for (const plugin of this.#plugins.values()) {
      const kept = plugin.source === source ? plugin.codeOf(agentName, version) : undefined;
      if (kept !== undefined) return kept;
    }
    return undefined;
  }

  neutralOf(name: string): number | undefined {
    return this.#services.catalogue.neutralOf(name);
  }

  #take(found: FoundPlugin): void {
    const plugin = this.#plugins.get(idOf(found)) ?? new FilePlugin(found, this.#services);
    this.#plugins.set(idOf(found), plugin);
    void plugin.take(found);
  }

  #gone(found: Pick<FoundPlugin, 'plugin' | 'source'>): void {
    const gone = this.#plugins.get(idOf(found));
    // A name may be free now that another plugin was refused for.
    void gone?.gone().then(() => Promise.all([...this.#plugins.values()].map((plugin) => plugin.retry())));
  }

  /** Pinned versions run also where their files are gone; other plugins that have gone meanwhile are forgotten. */
  #missPinned(): void {
    for (const id of this.#services.catalogue.ids()) {
      if (this.#plugins.has(id)) continue;
      const [source, ...rest] = id.split('/');
      const found = { source: source === 'palette' ? 'palette' : 'folder', plugin: rest.join('/') } as const;
      const plugin = new FilePlugin(found, this.#services);
      this.#plugins.set(id, plugin);
      void plugin.missing();
    }
  }

  async #idle(): Promise<void> {
    await Promise.all([...this.#plugins.values()].map((plugin) => plugin.idle()));
    // A failure has been told.
    await this.#services.catalogue.written().catch(() => undefined);
  }

  /** By the name of its agent type, or of what brings it. */
  #named(name: string): FilePlugin {
    const plugins = [...this.#plugins.values()];
    const known = plugins.filter((plugin) => plugin.info().name === name);
    const found = known.find((plugin) => plugin.info().isInService) ?? known[0];
    const named = found ?? plugins.find(({ plugin }) => plugin === name);
    if (named === undefined) throw fieldError('name', 'is no plugin of the folder or the palette');
    return named;
  }
}
