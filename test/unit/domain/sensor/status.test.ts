import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { AgentUi } from '../../../../src/domain/agent/agent-ui.ts';
import { agentBody, commandBody, dataRowBody, emptyRow } from '../../../../src/domain/sensor/status.ts';
import { wireJson } from '../../../../src/domain/wire-json.ts';
import { make } from '../../../contract/changes.ts';

const AT = Date.UTC(2024, 6, 11, 20, 15, 1, 123);
const ui = (parts: Partial<AgentUi> = {}): AgentUi => ({
  decorator: { TimePane: 30 },
  state: 'Ready',
  rendered: 'ready',
  ...parts,
});
const shown = (parts: Partial<AgentUi>) => JSON.parse(wireJson(agentBody('01_W', 'X', ui(parts)))).ui;

describe('dataRowBody', () => {
  it('has every member, humidity among them (protocol §4.2 FIX)', () => {
    const row = make.row(AT, { humidity: 40.5, light: 0 });
    assert.equal(
      wireJson(dataRowBody(row)),
      '{"timestamp":"2024-07-11T20:15:01.123Z","battery":null,"moisture":null,"temperature":null,' +
        '"humidity":40.5,"carbon":null,"conductivity":null,"light":0}',
    );
  });

  it('has a timestamp also for a sensor without data (protocol §3, status)', () => {
    assert.deepEqual(emptyRow(AT), make.row(AT));
  });
});

describe('agentBody', () => {
  it('names domain, agent type and looks (protocol §4.3)', () => {
    assert.deepEqual(agentBody('01_Öl', 'ThresholdAgent', ui()), {
      domain: '01_Öl',
      agent_name: 'ThresholdAgent',
      ui: ui(),
    });
  });

  it('writes the three numbers of a slider as doubles (protocol §2.1, trap 1)', () => {
    const text = wireJson(agentBody('01_W', 'X', ui({ decorator: { Slider: [0, 1, 0.5] } })));
    assert.match(text, /"decorator":\{"Slider":\[0\.0,1\.0,0\.5\]\}/);
  });

  it('writes the step of the buttons as an int, and a text as an object (protocol §2.1, trap 3)', () => {
    assert.match(wireJson(agentBody('d', 'X', ui())), /"TimePane":30\}/);
    assert.deepEqual(shown({ decorator: { Text: null } }).decorator, { Text: null });
  });

  for (const name of ['Executing', 'Stopped', 'Forced'] as const) {
    it(`writes the end of ${name} as a date (protocol §4.3)`, () => {
      const state = { [name]: AT } as unknown as AgentUi['state'];
      assert.deepEqual(shown({ state }).state, { [name]: '2024-07-11T20:15:01.123Z' });
    });
  }

  for (const state of ['Ready', 'Disabled', 'Error'] as const) {
    it(`writes ${state} as a text`, () => assert.equal(shown({ state }).state, state));
  }
});

describe('commandBody', () => {
  it('has its date in UTC without a zone letter (protocol §4.2)', () => {
    assert.deepEqual(commandBody(make.command(AT, { value: 7 })), {
      domain: '01_Water',
      command: 7,
      created_at: '2024-07-11T20:15:01.123000',
    });
  });
});
