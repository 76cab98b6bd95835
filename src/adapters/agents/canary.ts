import type { AgentHost, AgentSource } from '../../domain/agent/agent-host.ts';
import { tryAgentType } from '../../domain/agent/agent-trial.ts';
import { RipeError } from '../../domain/errors.ts';
import type { PluginCode } from './worker/worker.ts';
import { createWorkerHost, type HostingOptions } from './worker/worker-host.ts';

/** What a plugin that was tried says of itself. */
export type TriedAgentType = Pick<AgentHost, 'name' | 'version' | 'neutral' | 'settings'>;

export interface TrialOptions extends HostingOptions {
  readonly plugin: string;
}

/**
 * Runs every function of a plugin on samples in a throwaway process: what loops, exits, eats memory or brings down the
 * whole process there harms nobody. An overrun is tried once more, since this machine may have stood still just then.
 * Throws what is wrong.
 */
export async function tryPlugin(
  code: PluginCode,
  source: AgentSource,
  options: TrialOptions,
): Promise<TriedAgentType> {
  try {
    return await tryOnce(code, source, options);
  } catch (error) {
    if (!(error instanceof RipeError) || error.code !== 'RIPE_PLUGIN_TIMEOUT') throw error;
    return tryOnce(code, source, options);
  }
}

async function tryOnce(
  code: PluginCode,
  source: AgentSource,
  options: TrialOptions,
): Promise<TriedAgentType> {
  const faults: string[] = [];
  const onFault = (reason: string) => faults.push(reason);
  const host = await createWorkerHost(code, source, { ...options, isTrial: true, onFault });
  try {
    await tryAgentType(host);
    // Also what no call was to blame for, and a worker that died in `migrate`.
    if (faults[0] !== undefined)
      throw new RipeError('RIPE_PLUGIN_INVALID', { plugin: options.plugin, reason: faults[0] });
    const { name, version, neutral, settings } = host;
    return { name, version, neutral, settings };
  } finally {
    host.stop();
  }
}
