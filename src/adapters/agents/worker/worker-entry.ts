/** Runs in a worker: one JavaScript plugin, its own modules, its own heap. */
import { pathToFileURL } from 'node:url';
import type { AgentType } from '../../../domain/agent/agent-contract.ts';
import { denyWaiting } from './deny-waiting.ts';
import type { AgentCall } from './worker-protocol.ts';
import { type ServedAgentType, serve } from './worker-service.ts';

type AnyAgentType = AgentType<unknown, unknown>;

/** ES modules and CommonJS alike: the agent type is the default export. */
async function load(file: string): Promise<ServedAgentType> {
  denyWaiting();
  const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  const exported = loaded.default as { default?: unknown } | undefined;
  const agentType = exported?.default ?? exported;
  if (typeof agentType !== 'object' || agentType === null)
    throw new Error('the default export is no agent type');
  for (const name of ['start', 'decide', 'render'] as const) {
    if (typeof (agentType as Partial<AnyAgentType>)[name] !== 'function')
      throw new Error(`${name} is no function`);
  }
  return served(agentType as AnyAgentType);
}

function served(agentType: AnyAgentType): ServedAgentType {
  return {
    describe() {
      const { name, version, apiVersion, settings, neutral, limits, explanations } = agentType;
      return { name, version, apiVersion, settings, neutral, limits, explanations };
    },
    call: (call) => run(agentType, call),
  };
}

function run(agentType: AnyAgentType, call: AgentCall): unknown {
  switch (call.fn) {
    case 'start':
      return agentType.start(call.settings);
    case 'decide':
      return agentType.decide(call.event, call.view);
    case 'render':
      return agentType.render(call.view);
    case 'migrate':
      return agentType.migrate === undefined ? call.state : agentType.migrate(call.state, call.fromVersion);
  }
}

serve(load);
