import type { AgentHost, AgentSource } from '../../domain/agent-host.ts';
import { tryAgentType } from '../../domain/agent-trial.ts';
import { RipeError } from '../../domain/errors.ts';
import { createWorkerHost } from './worker-host.ts';

/** What a plugin that was tried says of itself. */
export type TriedAgentType = Pick<AgentHost, 'name' | 'version' | 'neutral'>;

/**
 * Runs every function of a plugin on samples in a throwaway worker: what loops, exits or eats memory there harms
 * nobody. An overrun is tried once more, since this machine may have stood still just then. Throws what is wrong.
 */
export async function tryPlugin(
  file: string,
  source: AgentSource,
  options: { readonly plugin: string; readonly deadlineMs?: number },
): Promise<TriedAgentType> {
  try {
    return await tryOnce(file, source, options);
  } catch (error) {
    if (!(error instanceof RipeError) || error.code !== 'RIPE_PLUGIN_TIMEOUT') throw error;
    return tryOnce(file, source, options);
  }
}

async function tryOnce(
  file: string,
  source: AgentSource,
  options: { readonly plugin: string; readonly deadlineMs?: number },
): Promise<TriedAgentType> {
  const faults: string[] = [];
  const host = await createWorkerHost(file, source, { ...options, onFault: (reason) => faults.push(reason) });
  try {
    await tryAgentType(host);
    // Also what no call was to blame for, and a worker that died in `migrate`.
    if (faults[0] !== undefined)
      throw new RipeError('RIPE_PLUGIN_INVALID', { plugin: options.plugin, reason: faults[0] });
    const { name, version, neutral } = host;
    return { name, version, neutral };
  } finally {
    host.stop();
  }
}
