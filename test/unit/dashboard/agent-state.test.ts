import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Agent } from '../../../dashboard/ui/data/shapes.ts';
import { kindOf, stateText } from '../../../dashboard/ui/shared/agent-state.ts';
import { Format } from '../../../dashboard/ui/words/format.ts';
import { en } from '../../../dashboard/ui/words/texts-en.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const language = { words: en, format: new Format('en') };

function agent(state: Agent['ui']['state'], parts: Partial<Agent> = {}): Agent {
  return {
    domain: '01_Water',
    agent_name: 'ThresholdAgent',
    ui: { decorator: { TimePane: 30 }, state, rendered: '' },
    value: 0,
    waiting: false,
    locked_out: false,
    parked: false,
    ...parts,
  };
}
const until = (ms: number) => ({ Forced: new Date(NOW + ms).toISOString() });
const text = (each: Agent) => stateText(each, NOW, language);

describe('What an agent is doing', () => {
  it('counts down what is left of a run', () => {
    assert.equal(text(agent(until(272_000), { value: 1 })), 'On by hand · 4:32 left');
    assert.equal(kindOf(agent(until(272_000), { value: 1 })), 'on');
  });

  it('is not called on while its run waits: no water flows', () => {
    const waiting = agent(until(600_000), { waiting: true });
    assert.equal(text(waiting), 'Waiting · 10:00 left');
    assert.equal(kindOf(waiting), 'still');
  });

  it('is no run that goes on for ever, where nobody says that it is over', () => {
    assert.equal(text(agent(until(-1_000))), 'On by hand · 0:00 left');
    assert.equal(text(agent(until(-4_000))), 'On by hand · should be over');
  });

  it('names first what a person has to do something about', () => {
    assert.equal(text(agent('Ready', { locked_out: true })), 'Locked out');
    assert.equal(text(agent('Disabled', { parked: true })), 'Agent missing');
    assert.equal(kindOf(agent('Error')), 'bad');
    assert.equal(text(agent({ Stopped: new Date(NOW + 60_000).toISOString() })), 'Off by hand · 1:00 left');
  });
});
