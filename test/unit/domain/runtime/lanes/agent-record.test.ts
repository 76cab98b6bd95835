import assert from 'node:assert/strict';
import { isSameAgent } from '../../../../../src/domain/runtime/lanes/agent-record.ts';
import type { AgentRecord } from '../../../../../src/domain/store.ts';

const agent: AgentRecord = {
  sensor: 1,
  domain: '01_Water',
  agentName: 'ThresholdAgent',
  version: '1.0.0',
  state: { startedBy: null },
  settings: { active: true, minThreshold: 20 },
  value: 0,
  wakeAt: null,
};

describe('two records of an agent', () => {
  it('are the same where they say the same, whatever objects they are made of', () => {
    assert.ok(isSameAgent(agent, structuredClone(agent)));
    assert.ok(isSameAgent(agent, { ...agent, guard: {} }));
  });

  for (const change of [
    { value: 1 },
    { wakeAt: 5 },
    { version: '1.0.1' },
    { state: { startedBy: 'data' } },
    { settings: { active: false, minThreshold: 20 } },
    { guard: { isIdle: true } },
    { guard: { hold: { since: 5, isForced: false } } },
  ] as Partial<AgentRecord>[]) {
    it(`differ by ${JSON.stringify(change)}`, () => {
      assert.ok(!isSameAgent(agent, { ...agent, ...change }));
      assert.ok(!isSameAgent({ ...agent, ...change }, agent));
    });
  }
});
