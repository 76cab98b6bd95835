import { signatureOf } from './plugin-files.ts';
import { type FoundPlugin, idOf, type PluginSource } from './plugin-source.ts';

const HINT_MS = 20;

export interface WatchPace {
  /** From one look to the next while nothing changes. */
  readonly idleMs: number;
  /** And while something is being written. */
  readonly unsettledMs: number;
  /** What has not changed for so long is finished. */
  readonly settleMs: number;
}

const PACE: WatchPace = { idleMs: 2_000, unsettledMs: 100, settleMs: 300 };

/** Told once for each change, when its writes are finished. */
export interface PluginWatcher {
  settled(found: FoundPlugin): void;
  gone(found: FoundPlugin): void;
  failed(error: unknown): void;
}

interface Sighting {
  found: FoundPlugin;
  /** Null: it is not there. */
  signature: string | null;
  since: number;
  isTold: boolean;
}

/**
 * Looks at the plugins of all sources again and again. Nothing that an operating system reports of changes is right for
 * every way in which editors and npm write (renames over a file, replaced directories and links): so the size, time and
 * inode of each file are compared, and a report is only a hint to look sooner.
 */
export class PluginWatch {
  #sources: readonly PluginSource[] = [];
  readonly #watcher: PluginWatcher;
  readonly #pace: WatchPace;
  readonly #sightings = new Map<string, Sighting>();
  #unhint: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #waiting: (() => void)[] = [];

  constructor(watcher: PluginWatcher, pace: WatchPace = PACE) {
    this.#watcher = watcher;
    this.#pace = pace;
  }

  /** What lies there at the start was finished long ago: it is told of within this call. */
  start(sources: readonly PluginSource[]): void {
    this.#sources = sources;
    this.#isRunning = true;
    this.#unhint = this.#sources.flatMap((each) => each.hint?.(() => this.#lookIn(HINT_MS)) ?? []);
    this.#look(0);
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    for (const unhint of this.#unhint.splice(0)) unhint();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Looks now; resolves when whatever is being written has settled and was told. */
  async settle(): Promise<void> {
    if (!this.#isRunning) return;
    const settled = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#look();
    await settled;
  }

  #look(settleMs = this.#pace.settleMs): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    try {
      this.#compare(now);
    } catch (error) {
      this.#watcher.failed(error);
    }
    let isUnsettled = false;
    for (const [id, sighting] of this.#sightings) {
      if (sighting.isTold) continue;
      if (now - sighting.since < settleMs) isUnsettled = true;
      else this.#tell(id, sighting);
    }
    if (!isUnsettled) for (const resolve of this.#waiting.splice(0)) resolve();
    this.#lookIn(isUnsettled ? this.#pace.unsettledMs : this.#pace.idleMs);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isRunning) return;
    this.#timer = setTimeout(() => this.#look(), ms);
    this.#timer.unref();
  }

  #compare(now: number): void {
    const there = new Set<string>();
    for (const source of this.#sources) {
      for (const found of source.find()) {
        there.add(idOf(found));
        this.#see(found, signatureOf(found), now);
      }
    }
    for (const [id, { found }] of this.#sightings) if (!there.has(id)) this.#see(found, null, now);
  }

  #see(found: FoundPlugin, signature: string | null, now: number): void {
    const former = this.#sightings.get(idOf(found));
    if (former !== undefined && former.signature === signature && former.found.path === found.path) return;
    this.#sightings.set(idOf(found), { found, signature, since: now, isTold: false });
  }

  #tell(id: string, sighting: Sighting): void {
    sighting.isTold = true;
    if (sighting.signature !== null) this.#watcher.settled(sighting.found);
    else {
      this.#sightings.delete(id);
      this.#watcher.gone(sighting.found);
    }
  }
}
