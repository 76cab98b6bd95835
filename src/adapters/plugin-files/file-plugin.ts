import type { AgentHost } from '../../domain/agent-host.ts';
import type { Clock } from '../../domain/clock.ts';
import { fieldError } from '../../domain/errors.ts';
import type { PluginEvent, PluginInfo, RefusedVersion } from '../../domain/plugin.ts';
import type { AgentRegistry } from '../agents/agent-registry.ts';
import type { TriedAgentType } from '../agents/canary.ts';
import type { DeskEntry, PluginDesk } from '../agents/plugin-desk.ts';
import type { TrialHouse } from '../agents/trial-house.ts';
import type { Catalogue, GoodVersion, PluginRecord } from './catalogue.ts';
import { LiveVersion } from './live-version.ts';
import { signatureOf } from './plugin-files.ts';
import { type FileSource, type FoundPlugin, idOf } from './plugin-source.ts';
import type { StagedCopy, StagingArea } from './staging-area.ts';
import type { Turnstile } from './turnstile.ts';

const KEPT_VERSIONS = 4;
const KEPT_CONDEMNED = 20;
const NOTHING: PluginRecord = { versions: [], condemned: [], isPinned: false };

/** What all plugins of a garden's files share. */
export interface FilePluginServices {
  readonly desk: PluginDesk;
  readonly registry: AgentRegistry;
  readonly catalogue: Catalogue;
  readonly staging: StagingArea;
  readonly clock: Clock;
  /** Trials cost a processor each. */
  readonly turnstile: Turnstile;
  readonly trials: TrialHouse;
  readonly deadlineMs?: number;
}

/**
 * One plugin of the folder or the palette, and its way from a changed file into service: stage a copy, try it, swap,
 * announce. Whatever fails on the way, the last good version goes on running, also after a restart.
 */
export class FilePlugin implements DeskEntry {
  readonly plugin: string;
  readonly source: FileSource;
  readonly #services: FilePluginServices;
  /** As it lies there; null once it has gone. */
  #found: FoundPlugin | null = null;
  #live: LiveVersion | null = null;
  #record: PluginRecord;
  #refused: RefusedVersion | null = null;
  #isCondemned = false;
  readonly #earlier = new Map<string, Promise<LiveVersion>>();
  readonly #running = new Set<LiveVersion>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(found: Pick<FoundPlugin, 'plugin' | 'source'>, services: FilePluginServices) {
    this.plugin = found.plugin;
    this.source = found.source;
    this.#services = services;
    this.#record = services.catalogue.of(idOf(found)) ?? NOTHING;
  }

  info(): PluginInfo {
    const { plugin, source } = this;
    const current = this.#live?.version;
    const name = current?.name ?? null;
    const isInService = name !== null && this.#services.registry.get(name) === this.#live?.host;
    return {
      plugin,
      source,
      name,
      version: current?.version ?? null,
      health: current === undefined ? 'failed' : this.#refused === null ? 'well' : 'behind',
      isInService,
      isPinned: this.#record.isPinned,
      lastGood: this.#record.versions.find(({ hash }) => hash !== current?.hash)?.version ?? null,
      refused: this.#refused,
    };
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
    if (this.#found !== null && this.#refused !== null && !this.#isCondemned) await this.take(this.#found);
  }

  /** It lies there no more. A pinned version stays. */
  gone(): Promise<void> {
    this.#found = null;
    return this.#inTurn(async () => {
      if (this.#found !== null) return;
      if (!this.#record.isPinned || !(await this.#resume())) await this.#retire();
    });
  }

  /** It was not there at the start: forgotten, unless it is pinned. */
  missing(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#record.isPinned) this.#keep({ versions: [] });
      else if (await this.#resume()) this.#services.desk.enter(this);
    });
  }

  pin(version?: string): Promise<void> {
    return this.#inTurn(async () => {
      if (version !== undefined && version !== this.#live?.version.version) {
        const earlier = this.#record.versions.find((each) => each.version === version);
        if (earlier === undefined) throw fieldError('version', 'is not kept');
        await this.#serve(earlier);
      }
      if (this.#live === null) throw fieldError('name', 'has no version that runs');
      this.#keep({ isPinned: true });
      this.#tell('pinned', this.#live.version);
    });
  }

  unpin(): Promise<void> {
    return this.#inTurn(async () => {
      this.#keep({ isPinned: false });
      if (this.#live !== null) this.#tell('unpinned', this.#live.version);
      if (this.#found === null) await this.#retire();
      else await this.#take(this.#found);
    });
  }

  rollBack(): Promise<void> {
    return this.#inTurn(async () => {
      const live = this.#live;
      if (live === null) throw fieldError('name', 'has no version that runs');
      const { registry } = this.#services;
      const others = registry.offers(live.version.name).filter((host) => host !== live.host);
      if (this.#record.versions.length < 2 && others.length === 0)
        throw fieldError('name', 'has no earlier version');
      await this.#leave(live, 'rolled back by request');
    });
  }

  /** A version that is kept, for an agent whose state fits no other. */
  async earlier(name: string, version: string): Promise<AgentHost | undefined> {
    const kept = this.#record.versions.find((each) => each.name === name && each.version === version);
    if (kept === undefined || kept.hash === this.#live?.version.hash) return undefined;
    const starting = this.#earlier.get(kept.hash) ?? this.#start(kept);
    this.#earlier.set(kept.hash, starting);
    try {
      return (await starting).host;
    } catch {
      this.#earlier.delete(kept.hash);
      return undefined;
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #take(found: FoundPlugin): Promise<void> {
    // A later one is waiting its turn, or it has gone again.
    if (this.#found !== found) return;
    if (this.#record.isPinned && (await this.#resume())) return;
    await this.#tryToTake(found);
    await this.#prune();
  }

  async #tryToTake(found: FoundPlugin): Promise<void> {
    const signature = signatureOf(found);
    let copy: StagedCopy | null = null;
    try {
      copy = await this.#services.staging.stage(found);
      if (await this.#isKnown(copy)) return;
      await this.#serve(await this.#tried(copy));
    } catch (error) {
      // Written while it was read: its change will be noticed, and then it is whole.
      if (signature !== signatureOf(found)) return;
      this.#refuse(textOf(error));
      await this.#resume();
    }
  }

  /** The content that runs already, or was rolled back. */
  async #isKnown({ hash }: StagedCopy): Promise<boolean> {
    const condemned = this.#record.condemned.find((each) => each.hash === hash);
    if (condemned !== undefined) {
      const { version, reason, at } = condemned;
      this.#refused = { version, reason, at };
      this.#isCondemned = true;
      await this.#resume();
      return true;
    }
    if (hash !== this.#record.versions[0]?.hash) return false;
    await this.#resume();
    if (this.#live?.version.hash !== hash) return false;
    this.#refused = null;
    return true;
  }

  async #tried(copy: StagedCopy): Promise<GoodVersion> {
    const { staging, desk, trials, deadlineMs } = this.#services;
    const { plugin, source } = this;
    const options = deadlineMs === undefined ? { plugin } : { plugin, deadlineMs };
    const tried = await trials.try({ file: staging.fileOf(this, copy), source, options });
    desk.requireName(plugin, { name: tried.name, source });
    const { name, version: own, neutral } = tried;
    return { ...copy, name, own, version: this.#labelOf(tried, copy.hash), neutral };
  }

  /** Another content under a version that is known already is marked: decisions and agents tell the two apart. */
  #labelOf({ name, version }: TriedAgentType, hash: string): string {
    const known = this.#record.versions.find((each) => each.hash === hash);
    if (known !== undefined) return known.version;
    const others = this.#services.registry.offers(name).filter((host) => host.source !== this.source);
    const isTaken =
      this.#record.versions.some((each) => each.name === name && each.own === version) ||
      this.#record.condemned.some((each) => each.version === version) ||
      others.some((host) => host.version === version);
    if (!isTaken) return version;
    return `${version}${version.includes('+') ? '.' : '+'}dev.${hash.slice(0, 8)}`;
  }

  /** Puts a version in service in place of the one that runs. */
  async #serve(version: GoodVersion): Promise<void> {
    const live = await this.#start(version);
    const former = this.#live;
    try {
      this.#services.desk.requireName(this.plugin, live.host);
    } catch (error) {
      live.host.stop();
      throw error;
    }
    this.#live = live;
    this.#refused = null;
    this.#isCondemned = false;
    this.#services.registry.put(live.host);
    const rest = this.#record.versions.filter(({ hash }) => hash !== version.hash);
    this.#keep({ versions: [version, ...rest].slice(0, KEPT_VERSIONS) });
    if (former !== null && former.version.name !== version.name) {
      this.#services.registry.withdraw(former.host);
      this.#tell('retired', former.version);
    }
    if (former === null || former.version.name !== version.name) this.#tell('loaded', version);
    else this.#tell('updated', version, { former: former.version.version });
  }

  /** Lets the newest good version run, where none does; false where there is none. */
  async #resume(event: PluginEvent['kind'] | null = 'loaded'): Promise<boolean> {
    if (this.#live !== null) return true;
    while (this.#live === null) {
      const [newest, ...older] = this.#record.versions;
      if (newest === undefined) return false;
      try {
        const live = await this.#start(newest);
        this.#services.desk.requireName(this.plugin, live.host);
        this.#live = live;
      } catch (error) {
        this.#keep({ versions: older });
        this.#refuse(textOf(error));
      }
    }
    this.#services.registry.put(this.#live.host);
    if (event !== null) this.#tell(event, this.#live.version);
    return true;
  }

  async #start(version: GoodVersion): Promise<LiveVersion> {
    const { staging, clock, deadlineMs } = this.#services;
    const live = await LiveVersion.start({
      found: this,
      version,
      file: staging.fileOf(this, version),
      clock,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      onCondemned: (condemned) => this.#condemned(condemned),
      onStop: (stopped) => {
        this.#running.delete(stopped);
        if (stopped !== this.#live) this.#earlier.delete(version.hash);
      },
    });
    this.#running.add(live);
    return live;
  }

  #condemned(live: LiveVersion): void {
    // At once: its agents let go of their actuators before anything is awaited.
    this.#services.registry.announce(live.version.name);
    void this.#inTurn(() => this.#leave(live, live.condemned ?? 'condemned'));
  }

  /** Goes back to the version before, or to none. */
  async #leave(left: LiveVersion, reason: string): Promise<void> {
    const { hash, name, version } = left.version;
    const refused = { version, reason, at: this.#services.clock.now() };
    this.#keep({
      versions: this.#record.versions.filter((each) => each.hash !== hash),
      condemned: [{ hash, ...refused }, ...this.#record.condemned].slice(0, KEPT_CONDEMNED),
      isPinned: false,
    });
    if (left !== this.#live) {
      this.#services.registry.announce(name);
      return;
    }
    this.#live = null;
    await this.#resume(null);
    this.#refused = refused;
    this.#isCondemned = true;
    const now = this.#live as LiveVersion | null;
    if (now?.version.name !== name) this.#services.registry.withdraw(left.host);
    const back = now?.version.version ?? null;
    this.#tell('rolledBack', { name, version: back }, { former: version, reason });
    await this.#prune();
  }

  async #retire(): Promise<void> {
    const live = this.#live;
    this.#live = null;
    this.#refused = null;
    this.#services.desk.remove(this);
    this.#keep({ versions: [], isPinned: false });
    if (live !== null) this.#services.registry.withdraw(live.host);
    this.#tell('retired', live?.version ?? { name: this.plugin, version: null });
    await this.#prune();
  }

  #refuse(text: string): void {
    const reason = this.#services.staging.withoutPaths(text);
    this.#refused = { version: null, reason, at: this.#services.clock.now() };
    this.#isCondemned = false;
    const name = this.#live?.version.name ?? this.#record.versions[0]?.name ?? this.plugin;
    this.#tell('failed', { name, version: null }, { reason });
  }

  #keep(change: Partial<PluginRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#services.catalogue.keep(idOf(this), this.#record);
  }

  /** Deletes the copies that nobody goes back to. */
  async #prune(): Promise<void> {
    const kept = [...this.#record.versions, ...[...this.#running].map(({ version }) => version)];
    await this.#services.staging.prune(this, new Set(kept.map(({ hash }) => hash))).catch(() => undefined);
  }

  #tell(
    kind: PluginEvent['kind'],
    { name, version }: { name: string; version: string | null },
    more: Pick<PluginEvent, 'former' | 'reason'> = {},
  ): void {
    const { plugin, source } = this;
    this.#services.desk.tell({ kind, name, version, plugin, source, ...more });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
