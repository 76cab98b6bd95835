import { readFileSync } from 'node:fs';
import type { AgentType } from '../../../domain/agent/agent-contract.ts';
import { agentTypeOf } from '../worker/replay-served.ts';
import { WasmAgent } from './wasm-agent.ts';

/** A built WebAssembly module as an agent type in this thread, for tests: an endless loop in it is endless. */
export function openWasm<State = unknown, Settings extends object = Record<string, unknown>>(
  file: string | URL,
  log: (line: string) => void = console.log,
): AgentType<State, Settings> {
  return agentTypeOf(new WasmAgent(readFileSync(file), log));
}
