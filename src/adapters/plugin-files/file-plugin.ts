import type { AgentHost, KeptVersion } from '../../domain/agent/agent-host.ts';
import { BY_REQUEST, type PluginInfo } from '../../domain/agent/plugin.ts';
import { fieldError } from '../../domain/errors.ts';
import { tryPlugin } from '../agents/canary.ts';
import type { DeskEntry } from '../agents/plugin-desk.ts';
import type { GoodVersion } from './catalogue.ts';
import type { FilePluginServices } from './file-plugin-services.ts';
import type { KeptCode } from './kept-code.ts';
import type { LiveVersion } from './live-version.ts';
import { signatureOf } from './plugin-files.ts';
import { PluginHistory } from './plugin-history.ts';
import { type FileSource, type FoundPlugin, idOf } from './plugin-source.ts';
import type { StagedCopy } from './staging-area.ts';
import { VersionInService } from './version-in-service.ts';

/**
 * One plugin of the folder or the palette, and its way from a changed file into service: stage a copy, try it, swap,
 * announce. Whatever fails on the way, the last good version goes on running, also after a restart.
 */
export class FilePlugin implements DeskEntry {
  readonly plugin: string;
  readonly source: FileSource;
  readonly #services: FilePluginServices;
  readonly #history: PluginHistory;
  readonly #service: VersionInService;
  /** As it lies there; null once it has gone. */
  #found: FoundPlugin | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ plugin, source }: Pick<FoundPlugin, 'plugin' | 'source'>, services: FilePluginServices) {
    this.plugin = plugin;
    this.source = source;
    this.#services = services;
    this.#history = new PluginHistory(services.catalogue, idOf(this));
    this.#service = new VersionInService({
      ...services,
      found: { plugin, source },
      history: this.#history,
      onCondemned: (live) => this.#condemned(live),
    });
  }

  info(): PluginInfo {
    return this.#service.info();
  }

  /** Resolves when everything that was begun so far is over. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  /** Takes what lies there now, if it is good. */
  take(found: FoundPlugin): Promise<void> {
    this.#found = found;
    this.#services.desk.enter(this);
    return this.#inTurn(() => this.#services.turnstile.pass(() => this.#take(found)));
  }

  /** Tries again what was refused: it may have been for a name that is free now, or a module that is there now. */
  async retry(): Promise<void> {
    if (this.#found !== null && this.#service.isToBeRetried) await this.take(this.#found);
  }

  /** It lies there no more. A pinned version stays. */
  gone(): Promise<void> {
    this.#found = null;
    return this.#inTurn(async () => {
      if (this.#found !== null) return;
      if (!this.#history.isPinned || !(await this.#service.resume())) await this.#retire();
    });
  }

  /** It was not there at the start: forgotten, unless it is pinned. */
  missing(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#history.isPinned) this.#history.forget();
      else if (await this.#service.resume()) this.#services.desk.enter(this);
    });
  }

  pin(version?: string): Promise<void> {
    return this.#inTurn(async () => {
      const isOther = version !== undefined && version !== this.#service.live?.version.version;
      const pinned = isOther ? this.#kept(version) : this.#requiredLive().version;
      const undo = await this.#history.remember(() => {
        this.#history.putFirst(pinned);
        this.#history.pin(true);
      });
      try {
        if (isOther) await this.#service.serve(pinned);
      } catch (error) {
        undo();
        throw error;
      }
      this.#service.tell('pinned', pinned);
    });
  }

  unpin(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#history.remember(() => this.#history.pin(false));
      const { live } = this.#service;
      if (live !== null) this.#service.tell('unpinned', live.version);
      if (this.#found === null) await this.#retire();
      else await this.#take(this.#found);
    });
  }

  rollBack(): Promise<void> {
    return this.#inTurn(async () => {
      const live = this.#requiredLive();
      const others = this.#services.registry.offers(live.version.name).filter((host) => host !== live.host);
      if (this.#history.versions.length < 2 && others.length === 0)
        throw fieldError('name', 'has no earlier version');
      const { version } = live.version;
      const refused = { version, reason: BY_REQUEST, at: this.#services.clock.now() };
      await this.#history.remember(() => this.#history.condemn(live.version, refused));
      await this.#service.leave(live, BY_REQUEST);
    });
  }

  /** A version that is kept, for an agent whose state fits no other. */
  async earlier(name: string, version: string): Promise<AgentHost | undefined> {
    const kept = this.#history.versions.find((each) => each.name === name && each.version === version);
    return kept === undefined ? undefined : (await this.#service.earlier(kept))?.host;
  }

  /** Versions of an agent type that are kept, the newest first. */
  versions(name: string): KeptVersion[] {
    return this.#history.versions
      .filter((each) => each.name === name)
      .map(({ version, settings }) => ({ version, settings, source: this.source }));
  }

  /** The code of a version that is kept. */
  codeOf(name: string, version: string): KeptCode | undefined {
    const { staging, hosting } = this.#services;
    const kept = this.#history.versions.find((each) => each.name === name && each.version === version);
    return kept === undefined
      ? undefined
      : { code: staging.codeOf(this, kept), hosting: { ...hosting, plugin: this.plugin } };
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #kept(version: string): GoodVersion {
    const kept = this.#history.versions.find((each) => each.version === version);
    if (kept === undefined) throw fieldError('version', 'is not kept');
    return kept;
  }

  #requiredLive(): LiveVersion {
    const { live } = this.#service;
    if (live === null) throw fieldError('name', 'has no version that runs');
    return live;
  }

  async #take(found: FoundPlugin): Promise<void> {
    // A later one is waiting its turn, or it has gone again.
    if (this.#found !== found) return;
    if (this.#history.isPinned && (await this.#service.resume())) return;
    await this.#tryToTake(found);
    await this.#service.prune();
  }

  async #tryToTake(found: FoundPlugin): Promise<void> {
    const signature = signatureOf(found);
    try {
      const copy = await this.#services.staging.stage(found);
      if (await this.#isKnown(copy)) return;
      await this.#service.serve(await this.#tried(copy));
    } catch (error) {
      // Written while it was read: its change will be noticed, and then it is whole.
      if (signature !== signatureOf(found)) return;
      this.#service.refuse(error);
      await this.#service.resume();
    }
  }

  /** The content that runs already, or was rolled back. */
  async #isKnown({ hash }: StagedCopy): Promise<boolean> {
    const condemned = this.#history.condemned(hash);
    if (condemned !== undefined) {
      this.#service.condemn(condemned);
      await this.#service.resume();
      return true;
    }
    if (hash !== this.#history.newest?.hash) return false;
    await this.#service.resume();
    if (this.#service.live?.version.hash !== hash) return false;
    this.#service.accept();
    return true;
  }

  /** Throws what is wrong with it. */
  async #tried(copy: StagedCopy): Promise<GoodVersion> {
    const { staging, desk, registry, hosting } = this.#services;
    const { plugin, source } = this;
    const tried = await tryPlugin(staging.codeOf(this, copy), source, { ...hosting, plugin });
    desk.requireName(plugin, { name: tried.name, source });
    const { name, version: own, neutral, settings } = tried;
    const others = registry.offers(name).filter((host) => host.source !== source);
    const label = this.#history.labelOf(
      copy.hash,
      { name, own },
      others.map(({ version }) => version),
    );
    return { ...copy, name, own, version: label, neutral, settings };
  }

  #condemned(live: LiveVersion): void {
    // At once: its agents let go of their actuators before anything is awaited.
    this.#services.registry.announce(live.version.name);
    void this.#inTurn(() => this.#service.leave(live, live.condemned ?? 'condemned'));
  }

  async #retire(): Promise<void> {
    this.#services.desk.remove(this);
    await this.#service.retire();
  }
}
