import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { AgentBench, checkPlugin } from '@ripe-iot/node-red-ripe/agent-testing';
import frostGuard from '../agent.js';

const MINUTE = 60_000;
const started = (settings = {}) => new AgentBench(frostGuard, { settings }).start();

describe('FrostGuard', () => {
  it('heats below its limit, and until it is warmer by the hysteresis', () => {
    const agent = started();
    /** @type {(temperature: number) => number} */
    const valueAt = (temperature) => agent.pass(MINUTE).read({ temperature }).value;
    assert.deepEqual([3, 2.9, 3, 4.9, 5, 4.9, 2].map(valueAt), [0, 1, 1, 1, 0, 0, 1]);
    assert.equal(agent.state.frosts, 2);
  });

  it('says why', () => {
    const agent = started().read({ temperature: -1.5 });
    assert.equal(agent.because('en'), '-1.5 °C is below 3 °C: heats.');
    assert.equal(agent.because('de'), '-1.5 °C liegt unter 3 °C: heizt.');
    assert.equal(agent.ui('en').rendered, '-1.5 °C · heats · frosts: 1');
  });

  it('heats no longer once the thermometer has been silent for an hour', () => {
    const agent = started().read({ temperature: 1 });
    assert.equal(agent.pass(60 * MINUTE - 1).value, 1);
    assert.equal(agent.pass(1).value, 0);
    assert.equal(agent.code, 'silent');
    assert.equal(agent.read({ temperature: 1 }).value, 1);
  });

  it('keeps to what it decided while readings hold no temperature', () => {
    const agent = started()
      .read({ temperature: 1 })
      .pass(30 * MINUTE)
      .read({ moisture: 40 });
    assert.equal(agent.value, 1);
    assert.equal(agent.pass(30 * MINUTE).value, 0);
  });

  it('follows its settings at once, and is neutral when it is switched off', () => {
    const agent = started().read({ temperature: 4 });
    assert.equal(agent.configure({ limit: 6 }).value, 1);
    assert.equal(agent.configure({ active: false }).value, 0);
    assert.equal(agent.ui().state, 'Disabled');
  });

  it('takes no commands', () => {
    assert.equal(started().force(60).value, 0);
  });

  it('passes the check that RIPE makes before it takes a plugin', async () => {
    const { name, version } = await checkPlugin(new URL('../agent.js', import.meta.url));
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    assert.deepEqual([name, version], ['FrostGuard', manifest.version]);
  });
});
