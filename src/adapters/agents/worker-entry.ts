/** Runs in a worker thread: one plugin, its own modules, its own heap. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { AgentType } from '../../domain/agent-contract.ts';
import type { AgentCall, CallMessage, WorkerMessage } from './worker-protocol.ts';

type AnyAgentType = AgentType<unknown, unknown>;

const LARGEST_RESULT = 256 * 1024;

function say(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** ES modules and CommonJS alike: the agent type is the default export. */
async function load(file: string): Promise<AnyAgentType> {
  const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  const exported = loaded.default as { default?: unknown } | undefined;
  const agentType = exported?.default ?? exported;
  if (typeof agentType !== 'object' || agentType === null)
    throw new Error('the default export is no agent type');
  for (const name of ['start', 'decide', 'render'] as const) {
    if (typeof (agentType as Partial<AnyAgentType>)[name] !== 'function')
      throw new Error(`${name} is no function`);
  }
  return agentType as AnyAgentType;
}

function describe(agentType: AnyAgentType): unknown {
  const { name, version, apiVersion, settings, neutral, limits, explanations } = agentType;
  return plain({ name, version, apiVersion, settings, neutral, limits, explanations });
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

/** Results are JSON of a bounded size: decoding 200 MB would stall everybody else. */
function plain(value: unknown): unknown {
  if (value instanceof Promise) throw new Error('returned a promise: answer at once, and use wakeAt to wait');
  const text = JSON.stringify(value);
  if (text === undefined) throw new Error('returned nothing');
  if (text.length > LARGEST_RESULT) throw new Error(`returned more than ${LARGEST_RESULT} characters`);
  return JSON.parse(text);
}

function answer(agentType: AnyAgentType, { id, call }: CallMessage): void {
  try {
    say({ id, result: plain(run(agentType, call)) });
  } catch (error) {
    say({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

load((workerData as { file: string }).file).then(
  (agentType) => {
    parentPort?.on('message', (message: CallMessage) => answer(agentType, message));
    say({ described: describe(agentType) });
  },
  (error: unknown) => say({ failed: error instanceof Error ? error.message : String(error) }),
);
