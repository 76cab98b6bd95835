import assert from 'node:assert/strict';
import { createWorkerHost } from '../../../../src/adapters/agents/worker/worker-host.ts';
import type { AgentHost } from '../../../../src/domain/agent/agent-host.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { op, wasmAgent } from '../../../support/wasm-builder.ts';
import { forced, usePluginFolder, view } from './agents-support.ts';

const failing = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof RipeError && error.code === code && text.test(error.message);

describe('A WebAssembly module in a worker', () => {
  const folder = usePluginFolder();
  const hosts: AgentHost[] = [];
  const faults: string[] = [];
  beforeEach(() => faults.splice(0));
  afterEach(() => {
    for (const host of hosts.splice(0)) host.stop();
  });

  async function loaded(parts: Parameters<typeof wasmAgent>[0] = {}): Promise<AgentHost> {
    const code = await folder.code('module.wasm', wasmAgent(parts));
    const host = await createWorkerHost(code, 'folder', { onFault: (reason) => faults.push(reason) });
    hosts.push(host);
    return host;
  }

  it('answers every call', async () => {
    const host = await loaded({ description: { limits: { longestRunMs: 1000 } } });
    assert.deepEqual([host.name, host.version, host.limits.longestRunMs], ['ModuleAgent', '1.0.0', 1000]);
    assert.deepEqual(await host.start({}), { count: 0 });
    assert.equal((await host.decide(forced(1), view())).hold, 7);
    assert.equal((await host.render(view())).rendered, 'a module');
    assert.deepEqual(await host.migrate({ old: 1 }, '0.9.0'), { old: 1 });
    assert.deepEqual(faults, []);
  });

  it('that never ends a call is ended; calls that wait are sent again to the next worker', async () => {
    const host = await loaded({ onDecide: op.forever });
    const [stuck, after] = await Promise.allSettled([host.decide(forced(1), view()), host.start({})]);
    assert.ok(stuck.status === 'rejected' && failing('RIPE_PLUGIN_TIMEOUT', /within 250 ms/)(stuck.reason));
    assert.ok(after.status === 'fulfilled');
    assert.equal(faults.length, 1);
  });

  it('that traps fails this call only', async () => {
    const host = await loaded({ onDecide: op.trap });
    await assert.rejects(
      async () => host.decide(forced(1), view()),
      failing('RIPE_PLUGIN_INVALID', /unreachable/),
    );
    assert.deepEqual(await host.start({}), { count: 0 });
    assert.deepEqual(faults, ['module.wasm: unreachable']);
  });

  it('that asks for gigabytes gets none, and answers on', async () => {
    const greedy = [op.growMemory(60_000), op.drop, op.growTable(9_000_000), op.drop].flat();
    const host = await loaded({ onDecide: greedy, tables: [1, 0x70, 0, 1] });
    for (let n = 0; n < 3; n++) assert.equal((await host.decide(forced(1), view())).hold, 7);
  });

  it('that answers nonsense is found out', async () => {
    const host = await loaded({ decision: { hold: 'on', because: { code: 'did' } } });
    await assert.rejects(async () => host.decide(forced(1), view()), /hold/);
    assert.equal(faults.length, 1);
  });

  it('is refused by the name of what it imports', async () => {
    await assert.rejects(
      loaded({ imports: ['env.clock_gettime'] }),
      failing('RIPE_PLUGIN_INVALID', /module\.wasm: imports env\.clock_gettime/),
    );
  });

  it('is refused where its description does not hold', async () => {
    await assert.rejects(loaded({ description: { apiVersion: 2 } }), /apiVersion/);
  });
});
