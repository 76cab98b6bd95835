import type { AgentHost } from '../../domain/agent/agent-host.ts';
import type { Clock } from '../../domain/time/clock.ts';
import type { PluginCode } from '../agents/worker/worker.ts';
import { createWorkerHost, type HostingOptions } from '../agents/worker/worker-host.ts';
import type { GoodVersion } from './catalogue.ts';
import type { FoundPlugin } from './plugin-source.ts';

const MOST_FAULTS = 3;
const FAULTS_WITHIN_MS = 86_400_000;

export interface LiveVersionOptions {
  readonly found: Pick<FoundPlugin, 'plugin' | 'source'>;
  readonly version: GoodVersion;
  readonly code: PluginCode;
  readonly hosting: HostingOptions;
  readonly clock: Clock;
  /** It has failed too often. */
  onCondemned(live: LiveVersion): void;
  onStop(live: LiveVersion): void;
  /** It has written a line to its console. */
  onLog(plugin: string, line: string): void;
}

/** A version at work, and the watchdog over it: three failures within a day condemn it. */
export class LiveVersion {
  readonly version: GoodVersion;
  readonly #options: LiveVersionOptions;
  #host: AgentHost | null = null;
  #faults: number[] = [];
  #condemned: string | null = null;

  private constructor(options: LiveVersionOptions) {
    this.version = options.version;
    this.#options = options;
  }

  static async start(options: LiveVersionOptions): Promise<LiveVersion> {
    const live = new LiveVersion(options);
    const { found, code, version, hosting, onLog } = options;
    live.#host = await createWorkerHost(code, found.source, {
      ...hosting,
      plugin: found.plugin,
      version: version.version,
      onLog: (line) => onLog(found.plugin, line),
      onFault: (reason) => live.#fault(reason),
      condemned: () => live.#condemned,
      onStop: () => options.onStop(live),
    });
    return live;
  }

  get host(): AgentHost {
    if (this.#host === null) throw new Error('asked for before it was started');
    return this.#host;
  }

  /** Why it is not to decide any more; null while it may. */
  get condemned(): string | null {
    return this.#condemned;
  }

  #fault(reason: string): void {
    const now = this.#options.clock.now();
    this.#faults = [...this.#faults.filter((at) => at > now - FAULTS_WITHIN_MS), now];
    if (this.#faults.length < MOST_FAULTS || this.#condemned !== null) return;
    const { name, version } = this.version;
    this.#condemned = `${name} ${version} was stopped after ${MOST_FAULTS} failures, the last: ${reason}`;
    this.#options.onCondemned(this);
  }
}
