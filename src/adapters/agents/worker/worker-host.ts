import path from 'node:path';
import { parseDecision, parseDescription, parseUi } from '../../../domain/agent/agent-check.ts';
import type { AgentHost, AgentSource } from '../../../domain/agent/agent-host.ts';
import { RipeError, textOf } from '../../../domain/errors.ts';
import type { Json } from '../../../domain/json.ts';
import { limitsOf } from '../limits.ts';
import { kindOf, liveWorker, type PluginHost, trialWorker } from '../plugin-kinds.ts';
import { PluginWorker, type PluginWorkerOptions } from './plugin-worker.ts';
import type { PluginCode } from './worker.ts';
import type { AgentCall } from './worker-protocol.ts';

const DEADLINE_MS = 250;

/** What all plugins of a garden have in common. */
export interface HostingOptions {
  /** Default: process. */
  readonly pluginHost?: PluginHost;
  /** For an answer; default: 250. */
  readonly deadlineMs?: number;
}

export interface WorkerHostOptions extends HostingOptions {
  /** It is only tried. */
  readonly isTrial?: boolean;
  /** How texts name it; default: the name of the file. */
  readonly plugin?: string;
  /** The version that it goes by, where that is not the one that it gives itself. */
  readonly version?: string;
  /** To be loaded. */
  readonly loadMs?: number;
  /** It threw, answered nonsense, overran its time or died: once for each time. */
  onFault?(reason: string): void;
  /** It has written a line to its console. */
  onLog?(line: string): void;
  /** Why it was taken out of service; asked for by those who still work with it. */
  condemned?(): string | null;
  onStop?(): void;
}

/** Loads an agent type into a worker of its own, and checks what it says of itself and every answer. */
export async function createWorkerHost(
  code: PluginCode,
  source: AgentSource,
  options: WorkerHostOptions = {},
): Promise<AgentHost> {
  const { onFault, condemned } = options;
  const fault = (error: unknown) => onFault?.(textOf(error));
  const worker = new PluginWorker(workerOptions(code, options, fault));
  const ask = async <Answer>(call: AgentCall, parse: (answer: unknown) => Answer): Promise<Answer> => {
    const answer = await worker.call(call);
    try {
      return parse(answer);
    } catch (error) {
      fault(error);
      throw error;
    }
  };
  try {
    const { name, version, settings, neutral, limits, explanations } = parseDescription(await worker.load());
    return {
      name,
      version: options.version ?? version,
      source,
      settings,
      neutral,
      limits: limitsOf(limits),
      explanations,
      start: (chosen) => ask({ fn: 'start', settings: chosen }, (state) => state as Json),
      decide: (event, view) => ask({ fn: 'decide', event, view }, parseDecision),
      render: (view) => ask({ fn: 'render', view }, parseUi),
      migrate: (state, fromVersion) => ask({ fn: 'migrate', state, fromVersion }, (next) => next as Json),
      get condemned() {
        return condemned?.() ?? null;
      },
      stop() {
        worker.stop();
        options.onStop?.();
      },
    };
  } catch (error) {
    worker.stop();
    throw error;
  }
}

/** How the code of a plugin is run in a worker. */
export function workerOptions(
  code: PluginCode,
  { plugin = path.basename(code.file), pluginHost = 'process', isTrial, ...options }: WorkerHostOptions,
  onFault: (error: unknown) => void,
): PluginWorkerOptions {
  const kind = kindOf(code.file);
  if (kind === undefined)
    throw new RipeError('RIPE_PLUGIN_INVALID', { plugin, reason: 'is no kind of file that RIPE can run' });
  const { deadlineMs = DEADLINE_MS, loadMs, onLog } = options;
  return {
    ...code,
    plugin,
    entry: kind.entry,
    start: isTrial ? trialWorker(kind, pluginHost) : liveWorker(kind, pluginHost),
    deadlineMs,
    onFault,
    ...(loadMs === undefined ? {} : { loadMs }),
    ...(onLog === undefined ? {} : { onLog }),
  };
}
