import path from 'node:path';
import { parseDecision, parseDescription, parseUi } from '../../domain/agent-check.ts';
import type { AgentHost, AgentSource } from '../../domain/agent-host.ts';
import type { Json } from '../../domain/json.ts';
import { limitsOf } from './limits.ts';
import { PluginWorker } from './plugin-worker.ts';

const DEADLINE_MS = 250;

/** Loads an agent type into a worker thread of its own, and checks what it says of itself and every answer. */
export async function createWorkerHost(file: string, source: AgentSource): Promise<AgentHost> {
  const plugin = path.basename(file);
  const worker = new PluginWorker({ file, plugin, deadlineMs: DEADLINE_MS });
  try {
    const { name, version, settings, neutral, limits, explanations } = parseDescription(await worker.load());
    return {
      name,
      version,
      source,
      settings,
      neutral,
      limits: limitsOf(limits),
      explanations,
      start: async (chosen) => (await worker.call({ fn: 'start', settings: chosen })) as Json,
      decide: async (event, view) => parseDecision(await worker.call({ fn: 'decide', event, view })),
      render: async (view) => parseUi(await worker.call({ fn: 'render', view })),
      migrate: async (state, fromVersion) =>
        (await worker.call({ fn: 'migrate', state, fromVersion })) as Json,
      stop: () => worker.stop(),
    };
  } catch (error) {
    worker.stop();
    throw error;
  }
}
