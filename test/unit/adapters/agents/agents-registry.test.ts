import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import threshold from '../../../../plugins/threshold/threshold.ts';
import { AgentRegistry } from '../../../../src/adapters/agents/agent-registry.ts';
import { limitsOf } from '../../../../src/adapters/agents/limits.ts';
import { createLocalHost } from '../../../../src/adapters/agents/local-host.ts';
import type { AgentType } from '../../../../src/domain/agent/agent-contract.ts';
import { FakeAgent } from '../../../support/fake-agent.ts';

describe('The registry of agent types', () => {
  it('puts the latest of a name in service, stops the former, and tells of both', () => {
    const registry = new AgentRegistry();
    const changes: string[] = [];
    registry.on('changed', (name) => changes.push(name));
    const [first, second] = [new FakeAgent('Fern'), new FakeAgent('Fern', { version: '2.0.0' })];
    registry.put(first);
    registry.put(second);
    assert.deepEqual([first.isStopped, second.isStopped], [true, false]);
    assert.equal(registry.get('Fern'), second);
    assert.deepEqual(changes, ['Fern', 'Fern']);
  });

  it('stops nothing that is put in service once more', () => {
    const registry = new AgentRegistry();
    const agent = new FakeAgent('Fern');
    registry.put(agent);
    registry.put(agent);
    assert.equal(agent.isStopped, false);
  });

  it('names its types in order, and clears them all', () => {
    const registry = new AgentRegistry();
    const agents = ['b', 'a'].map((name) => new FakeAgent(name));
    for (const agent of agents) registry.put(agent);
    assert.deepEqual(registry.names(), ['a', 'b']);
    registry.delete('none');
    registry.clear();
    assert.deepEqual(registry.names(), []);
    assert.ok(agents.every(({ isStopped }) => isStopped));
  });
});

describe('A shipped agent type', () => {
  it('answers at once, in this thread', () => {
    const host = createLocalHost(threshold as unknown as AgentType<unknown, unknown>);
    assert.equal(host.source, 'shipped');
    assert.equal(host.limits.longestRunMs, 3_600_000);
    assert.equal(host.start({}) instanceof Promise, false);
    assert.deepEqual(host.migrate({ a: 1 }, '0.9.0'), { a: 1 });
  });

  it('is checked like any other before it is in service', () => {
    const broken = { ...threshold, version: 'first' } as unknown as AgentType<unknown, unknown>;
    assert.throws(() => createLocalHost(broken), /version/);
  });
});

describe('limitsOf', () => {
  for (const [asked, longestRunMs] of [
    [undefined, 86_400_000],
    [{}, 86_400_000],
    [{ longestRunMs: 5 }, 5],
    [{ longestRunMs: 1e12 }, 86_400_000],
  ] as const) {
    it(`allows ${longestRunMs} ms where ${JSON.stringify(asked)} is asked for`, () => {
      assert.equal(limitsOf(asked).longestRunMs, longestRunMs);
    });
  }
});
