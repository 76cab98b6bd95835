import assert from 'node:assert/strict';
import { WasmAgent } from '../../../../src/adapters/agents/wasm/wasm-agent.ts';
import type { AgentCall } from '../../../../src/adapters/agents/worker/worker-protocol.ts';
import { op, result, wasmAgent } from '../../../support/wasm-builder.ts';
import { forced, view } from './agents-support.ts';

const decide: AgentCall = { fn: 'decide', event: forced(1), view: view() };
const OTHER_PLACE = 32_768;

describe('A WebAssembly agent', () => {
  const lines: string[] = [];
  const load = (parts?: Parameters<typeof wasmAgent>[0]) =>
    new WasmAgent(wasmAgent(parts), (line) => lines.push(line));
  const answering = (place: number, data: Uint8Array) =>
    load({ onDecide: [...op.const(place), ...op.return], data: { [OTHER_PLACE]: data } });
  beforeEach(() => lines.splice(0));

  it('describes itself, and answers every function', () => {
    const agent = load();
    assert.equal((agent.describe() as { name: string }).name, 'ModuleAgent');
    assert.deepEqual(agent.call({ fn: 'start', settings: {} }), { count: 0 });
    assert.deepEqual(agent.call(decide), { hold: 7, because: { code: 'did' } });
    assert.equal((agent.call({ fn: 'render', view: view() }) as { rendered: string }).rendered, 'a module');
  });

  it('keeps an older state as it is, unless it says that it migrates', () => {
    const migrate: AgentCall = { fn: 'migrate', state: { old: 1 }, fromVersion: '0.9.0' };
    assert.deepEqual(load().call(migrate), { old: 1 });
    assert.deepEqual(load({ description: { migrates: true } }).call(migrate), { count: 0 });
  });

  it('writes at most 20 lines a call, each of at most 500 characters', () => {
    const line = [...op.const(OTHER_PLACE), ...op.const(600), ...op.call(0)];
    const agent = load({
      imports: ['ripe.log'],
      onDecide: Array.from({ length: 30 }, () => line).flat(),
      data: { [OTHER_PLACE]: Buffer.from('x'.repeat(600)) },
    });
    for (const calls of [1, 2]) {
      agent.call(decide);
      assert.equal(lines.length, 20 * calls);
    }
    assert.equal(lines[0], 'x'.repeat(500));
  });

  it('works on after a trap, with an instance of its own', () => {
    // The first decision traps; memory that it has taken before is gone with its instance.
    const agent = load({ onDecide: [...op.growMemory(1), ...op.drop, ...op.trap] });
    for (let n = 0; n < 3; n++) {
      assert.throws(() => agent.call(decide), /unreachable/);
      assert.deepEqual(agent.call({ fn: 'start', settings: {} }), { count: 0 });
    }
  });

  it('cannot grow its memory beyond 16 MiB, nor a table beyond 10,000 elements', () => {
    const grown = (code: readonly number[]) => [...code, ...op.const(-1), ...op.equal, ...op.when(op.trap)];
    for (const code of [op.growMemory(255), op.growTable(9_999)])
      load({ onDecide: grown(code), tables: [1, 0x70, 0, 1] }).call(decide);
    for (const code of [op.growMemory(256), op.growTable(10_000)]) {
      const agent = load({ onDecide: grown(code), tables: [1, 0x70, 0, 1] });
      assert.throws(() => agent.call(decide), /unreachable/);
    }
  });

  it('answers from memory that has grown meanwhile', () => {
    const agent = load({ onDecide: [...op.growMemory(10), ...op.drop] });
    for (let n = 0; n < 3; n++) assert.deepEqual(agent.call(decide), { hold: 7, because: { code: 'did' } });
  });

  for (const [what, agent, reason] of [
    ['a pointer outside its memory', () => answering(10_000_000, result(1)), /outside its memory/],
    ['a pointer to its last byte', () => answering(65_535, result(1)), /outside its memory/],
    ['a negative pointer', () => answering(-1, result(1)), /outside its memory/],
    ['no pointer', () => answering(0, result(1)), /could not answer/],
    ['a length beyond its memory', () => answering(OTHER_PLACE, Buffer.from([0, 0, 3, 0])), /outside its/],
    ['a length of 4 GiB', () => answering(OTHER_PLACE, Buffer.alloc(4, 255)), /more than 262144 bytes/],
    ['what is no JSON', () => answering(OTHER_PLACE, result('{"hold":')), /no JSON/],
    ['what is no UTF-8', () => answering(OTHER_PLACE, Buffer.from([1, 0, 0, 0, 0xff])), /not UTF-8/],
  ] as const) {
    it(`is refused an answer with ${what}`, () => assert.throws(() => agent().call(decide), reason));
  }

  it('is refused a line of its log that lies outside its memory', () => {
    const agent = load({
      imports: ['ripe.log'],
      onDecide: [...op.const(-100), ...op.const(99), ...op.call(0)],
    });
    assert.throws(() => agent.call(decide), /outside its memory for a line of its log/);
  });

  it('is told where its input does not fit', () => {
    const alloc = (pointer: number) => ({ ripe_alloc: { params: 1, code: op.const(pointer) } });
    assert.throws(() => load({ functions: alloc(0) }).call(decide), /no room for an input of \d+ bytes/);
    assert.throws(() => load({ functions: alloc(65_530) }).call(decide), /outside its memory for its input/);
  });
});

describe('Loading a WebAssembly agent', () => {
  const load = (parts: Parameters<typeof wasmAgent>[0]) => () =>
    new WasmAgent(wasmAgent(parts), () => undefined);

  for (const [what, loading, reason] of [
    ['for an import that is not of the ABI', load({ imports: ['env.fd_write'] }), /imports env\.fd_write/],
    ['for an import of the system', load({ imports: ['wasi_snapshot_preview1.proc_exit'] }), /proc_exit/],
    ['for another version of the ABI', load({ abi: 2 }), /version 2 of the ABI; this RIPE speaks 1/],
    ['for a memory it keeps to itself', load({ exportsMemory: false }), /exports no memory called memory/],
    ['for a trap at its description', load({ onDescribe: op.trap }), /unreachable/],
    [
      'for a description that is a list',
      load({ data: { 1024: result([]) } }),
      /something else than an object/,
    ],
    ['for damage', load({ functions: { broken: { params: 0, code: op.drop } } }), /not enough arguments/],
  ] as const) {
    it(`is refused ${what}`, () => assert.throws(loading, reason));
  }

  it('is refused for its size', () => {
    const large = new Uint8Array(4 * 1024 * 1024 + 1);
    assert.throws(() => new WasmAgent(large, () => undefined), /larger than 4194304 bytes/);
  });
});
