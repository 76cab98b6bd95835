import { readFileSync } from 'node:fs';
import { parseDescription } from '../../../domain/agent-check.ts';
import type { AgentType } from '../../../domain/agent-contract.ts';
import type { AgentCall } from '../worker/worker-protocol.ts';
import { WasmAgent } from './wasm-agent.ts';

/** A built WebAssembly module as an agent type in this thread, for tests: an endless loop in it is endless. */
export function openWasm<State = unknown, Settings extends object = Record<string, unknown>>(
  file: string | URL,
  log: (line: string) => void = console.log,
): AgentType<State, Settings> {
  const agent = new WasmAgent(readFileSync(file), log);
  const call = (asked: object) => agent.call(asked as AgentCall) as never;
  return {
    ...(parseDescription(agent.describe()) as AgentType<State, Settings>),
    start: (settings) => call({ fn: 'start', settings }),
    decide: (event, view) => call({ fn: 'decide', event, view }),
    render: (view) => call({ fn: 'render', view }),
    migrate: (state, fromVersion) => call({ fn: 'migrate', state, fromVersion }),
  };
}
