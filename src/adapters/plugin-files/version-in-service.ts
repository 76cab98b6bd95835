import type { PluginEvent, PluginInfo, RefusedVersion } from '../../domain/agent/plugin.ts';
import { textOf } from '../../domain/errors.ts';
import type { GoodVersion } from './catalogue.ts';
import type { FilePluginServices } from './file-plugin-services.ts';
import type { LiveVersion } from './live-version.ts';
import type { PluginHistory } from './plugin-history.ts';
import type { FoundPlugin } from './plugin-source.ts';
import { RunningVersions } from './running-versions.ts';

export interface VersionInServiceOptions extends FilePluginServices {
  readonly found: Pick<FoundPlugin, 'plugin' | 'source'>;
  readonly history: PluginHistory;
  /** The watchdog has had enough of it: it has to `leave` when its turn comes. */
  onCondemned(live: LiveVersion): void;
}

/** Which version of a plugin decides, if any, and why a newer one does not. Every change is announced at the desk. */
export class VersionInService {
  readonly #options: VersionInServiceOptions;
  readonly #running: RunningVersions;
  #live: LiveVersion | null = null;
  #refused: RefusedVersion | null = null;
  #isCondemned = false;

  constructor(options: VersionInServiceOptions) {
    this.#options = options;
    this.#running = new RunningVersions(options);
  }

  get live(): LiveVersion | null {
    return this.#live;
  }

  /** What lies there now was refused, and may be good at another time. */
  get isToBeRetried(): boolean {
    return this.#refused !== null && !this.#isCondemned;
  }

  info(): PluginInfo {
    const { found, history, registry } = this.#options;
    const { plugin, source } = found;
    const current = this.#live?.version;
    const name = current?.name ?? null;
    return {
      plugin,
      source,
      name,
      version: current?.version ?? null,
      health: current === undefined ? 'failed' : this.#refused === null ? 'well' : 'behind',
      isInService: name !== null && registry.get(name) === this.#live?.host,
      isPinned: history.isPinned,
      lastGood: history.versions.find(({ hash }) => hash !== current?.hash)?.version ?? null,
      refused: this.#refused,
    };
  }

  /** Puts a version in service in place of the one that runs. */
  async serve(version: GoodVersion): Promise<void> {
    const { registry, history } = this.#options;
    const live = await this.#startUnderItsName(version);
    const former = this.#live?.version;
    const formerHost = this.#live?.host;
    this.#live = live;
    this.accept();
    registry.put(live.host);
    history.putFirst(version);
    const isRenamed = former !== undefined && former.name !== version.name;
    if (isRenamed && formerHost !== undefined) registry.withdraw(formerHost);
    if (isRenamed) this.tell('retired', former);
    if (former === undefined || isRenamed) this.tell('loaded', version);
    else this.tell('updated', version, { former: former.version });
  }

  /** Lets the newest good version run, where none does; false where there is none. */
  async resume(event: PluginEvent['kind'] | null = 'loaded'): Promise<boolean> {
    if (this.#live !== null) return true;
    const { registry, history } = this.#options;
    while (this.#live === null) {
      const { newest } = history;
      if (newest === undefined) return false;
      try {
        this.#live = await this.#startUnderItsName(newest);
      } catch (error) {
        history.drop(newest);
        this.refuse(error);
      }
    }
    registry.put(this.#live.host);
    if (event !== null) this.tell(event, this.#live.version);
    return true;
  }

  /** Goes back to the version before, or to none. */
  async leave(left: LiveVersion, reason: string): Promise<void> {
    const { registry, history, clock } = this.#options;
    const { name, version } = left.version;
    const refused = { version, reason, at: clock.now() };
    history.condemn(left.version, refused);
    if (left !== this.#live) {
      registry.announce(name);
      return;
    }
    this.#live = null;
    await this.resume(null);
    this.condemn(refused);
    const back = (this.#live as LiveVersion | null)?.version;
    if (back?.name !== name) registry.withdraw(left.host);
    this.tell('rolledBack', { name, version: back?.version ?? null }, { former: version, reason });
    await this.prune();
  }

  /** Nothing of it runs any more, and none of its versions is kept. */
  async retire(): Promise<void> {
    const live = this.#live;
    this.#live = null;
    this.#refused = null;
    this.#options.history.forget();
    if (live !== null) this.#options.registry.withdraw(live.host);
    this.tell('retired', live?.version ?? { name: this.#options.found.plugin, version: null });
    await this.prune();
  }

  /** What lies there is what runs. */
  accept(): void {
    this.#refused = null;
    this.#isCondemned = false;
  }

  /** What lies there was rolled back, and is not tried again. */
  condemn({ version, reason, at }: RefusedVersion): void {
    this.#refused = { version, reason, at };
    this.#isCondemned = true;
  }

  refuse(error: unknown): void {
    const { staging, clock, history, found } = this.#options;
    const reason = staging.withoutPaths(textOf(error));
    this.#refused = { version: null, reason, at: clock.now() };
    this.#isCondemned = false;
    const name = this.#live?.version.name ?? history.newest?.name ?? found.plugin;
    this.tell('failed', { name, version: null }, { reason });
  }

  /** One that is out of service. */
  async earlier(version: GoodVersion): Promise<LiveVersion | undefined> {
    return version.hash === this.#live?.version.hash ? undefined : this.#running.earlier(version);
  }

  /** Deletes the copies that nobody goes back to. */
  async prune(): Promise<void> {
    const { staging, found, history } = this.#options;
    const kept = [...history.versions, ...this.#running.versions].map(({ hash }) => hash);
    await staging.prune(found, new Set(kept)).catch(() => undefined);
  }

  tell(
    kind: PluginEvent['kind'],
    { name, version }: { name: string; version: string | null },
    more: Pick<PluginEvent, 'former' | 'reason'> = {},
  ): void {
    const { desk, found } = this.#options;
    const { plugin, source } = found;
    desk.tell({ kind, name, version, plugin, source, ...more });
  }

  async #startUnderItsName(version: GoodVersion): Promise<LiveVersion> {
    const live = await this.#running.start(version);
    try {
      this.#options.desk.requireName(this.#options.found.plugin, live.host);
      return live;
    } catch (error) {
      live.host.stop();
      throw error;
    }
  }
}
