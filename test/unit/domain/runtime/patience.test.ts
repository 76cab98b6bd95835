import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { AgentLane } from '../../../../src/domain/runtime/lanes/agent-lane.ts';
import type { RuntimePorts } from '../../../../src/domain/runtime/ports.ts';
import { askPatiently } from '../../../../src/domain/runtime/requests/patience.ts';

const event = { type: 'started', at: 0 } as const;
const asker = { timeZone: 'UTC', locale: 'en' } as const;

/** An agent that decides when the test says so, asked by a client whose patience ends when the test says so. */
function waiting(isPatient: boolean) {
  const decided = Promise.withResolvers<void>();
  const logged: string[] = [];
  let commits = 0;
  const within: RuntimePorts['within'] = (promise) =>
    isPatient ? promise : Promise.reject(new Error('late'));
  const ports = {
    within,
    log: { error: (line: string) => logged.push(line) },
    store: {
      async commit() {
        commits += 1;
      },
    },
  } as unknown as RuntimePorts;
  const lane = { name: 'sensor 1, agent 01_W', handle: () => decided.promise } as unknown as AgentLane;
  return { decided, logged, commits: () => commits, asked: () => askPatiently(ports, lane, event, asker) };
}

describe('a client that waits for a decision', () => {
  it('is answered with it', async () => {
    const { decided, asked, commits } = waiting(true);
    const answered = asked();
    decided.resolve();
    await answered;
    assert.equal(commits(), 0);
  });

  it('hears of its failure', async () => {
    const { decided, asked, logged } = waiting(true);
    const answered = asked();
    decided.reject(new Error('the store did not take it'));
    await assert.rejects(answered, /the store did not take it/);
    assert.deepEqual(logged, []);
  });

  it('is answered without it when it does not come soon, but not before the disk has all there is', async () => {
    const { decided, asked, commits, logged } = waiting(false);
    await asked();
    assert.equal(commits(), 1);
    decided.reject(new Error('too much'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(logged, ['sensor 1, agent 01_W: too much']);
  });

  it('does not wait where there is nothing to wait for', async () => {
    const lane = { handle: () => undefined } as unknown as AgentLane;
    await askPatiently({} as RuntimePorts, lane, event, asker);
  });
});
