import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseReport, progressOf } from '../../../../src/domain/command/device-report.ts';
import type { AgentCommand, SensorCommand } from '../../../../src/domain/command/sensor-command.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { make } from '../../../contract/changes.ts';

const NOW = 1_000_000;

const agent = (parts: Partial<AgentCommand> = {}): AgentCommand => ({
  domain: 'w',
  value: 1,
  neutral: 0,
  until: NOW + 60_000,
  isLeased: false,
  because: null,
  ...parts,
});

const command = (parts: Partial<SensorCommand> = {}): SensorCommand =>
  make.sensorCommand(1, { state: 'sent', agents: [agent()], ...parts });

describe('The report of a device', () => {
  for (const good of [
    { ask: true },
    { id: 'a', state: 'acknowledged' },
    { id: 'a', state: 'observed', values: { w: 1 }, ask: true },
    { id: 'a', state: 'failed' },
    { id: 'a', state: 'failed', reason: 'no water', firmware: '1.2' },
  ]) {
    it(`may be ${JSON.stringify(good)}`, () => assert.deepEqual(parseReport(good), good));
  }

  for (const [field, bad] of [
    ['report', []],
    ['state', {}],
    ['state', { ask: false }],
    ['state', { id: 'a', state: 'done' }],
    ['id', { state: 'acknowledged' }],
    ['id', { id: '', state: 'acknowledged' }],
    ['values', { id: 'a', state: 'observed' }],
    ['values', { id: 'a', state: 'observed', values: {} }],
    ['values.w', { id: 'a', state: 'observed', values: { w: 1.5 } }],
    ['reason', { id: 'a', state: 'failed', reason: 'x'.repeat(256) }],
    [
      'values',
      { id: 'a', state: 'failed', values: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [n, 1])) },
    ],
  ] as const) {
    it(`is refused for its ${field}: ${JSON.stringify(bad).slice(0, 60)}`, () =>
      assert.throws(
        () => parseReport(bad),
        (error) => error instanceof RipeError && error.params['field'] === field,
      ));
  }
});

describe('What a report makes of a command', () => {
  const observe = (values: Record<string, number>, now = NOW, agents = [agent()]) =>
    progressOf(command({ agents }), { id: 'a', state: 'observed', values }, now);

  it('is acknowledged, unless more was known already', () => {
    const report = { id: 'a', state: 'acknowledged' } as const;
    assert.equal(progressOf(command(), report, NOW).state, 'acknowledged');
    assert.equal(progressOf(command({ state: 'expired' }), report, NOW).state, 'acknowledged');
    assert.equal(progressOf(command({ state: 'observed' }), report, NOW).state, 'observed');
    assert.equal(progressOf(command({ state: 'failed', reason: 'x' }), report, NOW).reason, 'x');
  });

  it('is observed where the device does what it was told', () => {
    assert.deepEqual(observe({ w: 1 }), { state: 'observed', observed: { w: 1 }, reason: null });
  });

  it('is failed where it does something else, and says what', () => {
    assert.deepEqual(observe({ w: 0 }), {
      state: 'failed',
      observed: { w: 0 },
      reason: 'w is 0 instead of 1',
    });
  });

  it('is observed where the device is neutral after the end, and failed where it is still on', () => {
    assert.equal(observe({ w: 0 }, NOW + 60_000).state, 'observed');
    assert.equal(observe({ w: 0 }, NOW + 55_000).state, 'observed', 'its clock may be ahead');
    assert.equal(observe({ w: 1 }, NOW + 64_999).state, 'observed', 'the message may have been on its way');
    assert.equal(observe({ w: 1 }, NOW + 65_000).state, 'failed');
  });

  it('heeds the agents of the command only', () => {
    const { state, observed } = observe({ w: 1, other: 7 });
    assert.deepEqual([state, observed], ['observed', { w: 1 }]);
  });

  it('is failed where the device says so, with its reason', () => {
    const report = { id: 'a', state: 'failed', reason: 'no water' } as const;
    assert.deepEqual(progressOf(command(), report, NOW), {
      state: 'failed',
      observed: null,
      reason: 'no water',
    });
  });
});
