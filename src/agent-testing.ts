/**
 * The test kit for authors of agent types: `import { AgentBench } from '@ripe-iot/node-red-ripe/agent-testing'`.
 * It needs no test runner of a kind: what is wrong is thrown.
 */

export { checkPlugin } from './adapters/agents/check-plugin.ts';
export { openWasm } from './adapters/agents/wasm/open-wasm.ts';
export { AgentBench, type BenchDecision, type BenchOptions } from './domain/agent-bench/agent-bench.ts';
