import type { GoodVersion } from './catalogue.ts';
import type { FilePluginServices } from './file-plugin-services.ts';
import { LiveVersion } from './live-version.ts';
import type { FoundPlugin } from './plugin-source.ts';

export interface RunningVersionsOptions extends FilePluginServices {
  readonly found: Pick<FoundPlugin, 'plugin' | 'source'>;
  /** The watchdog has had enough of it. */
  onCondemned(live: LiveVersion): void;
}

/** The versions of one plugin that run: the one in service, and former ones for as long as an agent works with them. */
export class RunningVersions {
  readonly #options: RunningVersionsOptions;
  readonly #running = new Set<LiveVersion>();
  /** Started for agents whose state fits no other. */
  readonly #earlier = new Map<string, Promise<LiveVersion>>();

  constructor(options: RunningVersionsOptions) {
    this.#options = options;
  }

  get versions(): GoodVersion[] {
    return [...this.#running].map(({ version }) => version);
  }

  async start(version: GoodVersion, stopped?: () => void): Promise<LiveVersion> {
    const { found, staging, clock, hosting, onCondemned, onLog } = this.#options;
    const live = await LiveVersion.start({
      found,
      version,
      code: staging.codeOf(found, version),
      clock,
      hosting,
      onLog,
      onCondemned,
      onStop: (over) => {
        this.#running.delete(over);
        stopped?.();
      },
    });
    this.#running.add(live);
    return live;
  }

  /** One that is out of service, however many agents ask for it; undefined where it does not start any more. */
  async earlier(version: GoodVersion): Promise<LiveVersion | undefined> {
    const { hash } = version;
    const starting = this.#earlier.get(hash) ?? this.start(version, () => this.#earlier.delete(hash));
    this.#earlier.set(hash, starting);
    try {
      return await starting;
    } catch {
      this.#earlier.delete(hash);
      return undefined;
    }
  }
}
