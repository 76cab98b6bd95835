import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import './built-workers.ts';
import { AgentRegistry } from '../../src/adapters/agents/agent-registry.ts';
import { PluginDesk } from '../../src/adapters/agents/plugin-desk.ts';
import { DropInFolder } from '../../src/adapters/plugin-files/drop-in-folder.ts';
import { FilePlugins } from '../../src/adapters/plugin-files/file-plugins.ts';
import type { PluginSource } from '../../src/adapters/plugin-files/plugin-source.ts';
import type { WatchPace } from '../../src/adapters/plugin-files/plugin-watch.ts';
import type { PluginEvent, PluginInfo } from '../../src/domain/agent/plugin.ts';
import { FakeClock } from './fake-clock.ts';
import { until } from './until.ts';

/** Nobody who types is waited for. */
const QUICK: WatchPace = { idleMs: 200, unsettledMs: 10, settleMs: 40 };

/** A plugins folder that is watched, and everything that loads from it: from one start to the next stop. */
export class PluginSite {
  readonly folder: string;
  readonly staging: string;
  readonly clock = new FakeClock();
  registry = new AgentRegistry();
  desk = new PluginDesk(this.registry);
  events: PluginEvent[] = [];
  errors: unknown[] = [];
  sources: PluginSource[];
  files: FilePlugins;
  readonly #pace: WatchPace;

  private constructor(place: string, pace: WatchPace) {
    this.#pace = pace;
    this.folder = path.join(place, 'plugins');
    this.staging = path.join(place, 'plugins.staged');
    this.sources = [new DropInFolder(this.folder)];
    this.files = this.#open();
  }

  static async create(pace: WatchPace = QUICK): Promise<PluginSite> {
    const site = new PluginSite(await mkdtemp(path.join(tmpdir(), 'ripe-site-')), pace);
    await mkdir(site.folder);
    return site;
  }

  start(): Promise<void> {
    return this.files.start(this.sources);
  }

  async stop(): Promise<void> {
    await this.files.stop();
    this.registry.clear();
  }

  /** RIPE ends and starts again, with whatever lies in the folder then. */
  async restart(change: () => Promise<unknown> = async () => undefined): Promise<void> {
    await this.stop();
    await change();
    this.registry = new AgentRegistry();
    this.desk = new PluginDesk(this.registry);
    this.files = this.#open();
    await this.start();
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(path.dirname(this.folder), { recursive: true, force: true });
  }

  async write(name: string, text: string): Promise<string> {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  /** As editors do that never leave a half-written file. */
  async writeAside(name: string, text: string): Promise<void> {
    await rename(await this.write(`${name}.swp~`, text), path.join(this.folder, name));
  }

  delete(name: string): Promise<void> {
    return rm(path.join(this.folder, name), { recursive: true });
  }

  /** The next event of this kind, since the last one that was waited for. */
  async next(kind: PluginEvent['kind'], name?: string): Promise<PluginEvent> {
    const index = await until(
      () =>
        this.events.findIndex((event) => event.kind === kind && (name === undefined || event.name === name)) +
          1 || undefined,
      30_000,
    );
    const [found] = this.events.splice(index - 1, 1);
    assert.ok(found);
    return found;
  }

  info(plugin: string): PluginInfo {
    const info = this.desk.list().find((each) => each.plugin === plugin);
    assert.ok(info, `${plugin} is at the desk`);
    return info;
  }

  version(name: string): string | undefined {
    return this.registry.get(name)?.version;
  }

  async stagedCopies(plugin: string): Promise<string[]> {
    return readdir(path.join(this.staging, encodeURIComponent(`folder/${plugin}`))).catch(() => []);
  }

  #open(): FilePlugins {
    this.events = [];
    this.desk.on('event', (event) => this.events.push(event));
    return new FilePlugins({
      desk: this.desk,
      registry: this.registry,
      folder: this.staging,
      clock: this.clock,
      pace: this.#pace,
      onError: (error) => this.errors.push(error),
      onUnwritten: (error) => this.errors.push(error),
    });
  }
}

/** A site for each test, on a machine that may be busy; whatever it begins ends with the test. */
export function usePluginSite(pace?: WatchPace): () => PluginSite {
  let site: PluginSite | undefined;
  beforeEach(async function () {
    this.timeout(60_000);
    this.currentTest?.timeout(60_000);
    site = await PluginSite.create(pace);
  });
  afterEach(() => site?.remove());
  return () => {
    assert.ok(site);
    return site;
  };
}
