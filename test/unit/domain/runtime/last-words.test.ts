import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { running } from '../../../support/running-garden.ts';

describe('Last words', () => {
  it('make neutral what a job has on, and keep what is held', async () => {
    const { garden } = await running();
    await garden.addAgent(1, '02_C', 'Commanded');
    await garden.force(1, '02_C', -7);
    await garden.addSensor();
    await garden.addAgent(2, '01_C', 'Commanded');
    await garden.force(2, '01_C', -3);
    const words = garden.runtime.lastWords().map(({ topic, payload, retain }) => {
      const values = payload instanceof Uint8Array ? payload : payload.agents.map(({ value }) => value);
      return [topic, retain, ...values];
    });
    assert.deepEqual(words, [
      ['sensor/cmd/1', true, 0, 7],
      ['sensor/envelope/1', false, 0, 7],
    ]);
  });

  it('are none where no job runs; then every timer is gone', async () => {
    const { garden } = await running();
    await garden.pass(60_000);
    assert.deepEqual(garden.runtime.lastWords(), []);
    await garden.force(1, '01_C', 60);
    garden.runtime.stop();
    garden.run.runner.stop();
    await garden.store.close();
    assert.equal(garden.clock.waiting, 0);
  });
});
