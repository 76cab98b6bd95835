import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

type Body = Record<string, unknown>;

/** A member that is an object. */
const objectIn = (body: Body | undefined, name: string): Record<string, Body> =>
  (body?.[name] ?? {}) as Record<string, Body>;

describe('the agents of a sensor', () => {
  it('are listed in the order of the command vector, with what each does, why, and its form', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '02_Fan', 'PercentAgent');
    await garden.addAgent(1, '01_Water');
    await garden.receive(1, { moisture: 5 });
    const [water, fan] = (await garden.ask('listAgents', { sensor: 1, locale: 'de' })) as Body[];
    assert.deepEqual([water?.['domain'], water?.['value'], water?.['neutral']], ['01_Water', 1, 0]);
    assert.equal(water?.['text'], 'Feuchte 5 ist unter 20: läuft 60 s.');
    const { ends_at } = objectIn(water, 'job');
    assert.equal(Date.parse(String(ends_at)) - garden.clock.now(), 60_000);
    assert.equal(water?.['until'], ends_at);
    const { minThreshold } = objectIn(water, 'controls');
    assert.deepEqual([minThreshold?.['kind'], minThreshold?.['upper']], ['intSlider', 100]);
    assert.deepEqual([fan?.['domain'], fan?.['job'], fan?.['parked']], ['02_Fan', null, null]);
  });

  it('are there also while their agent type is not loaded', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '01_Water');
    garden.types.delete('ThresholdAgent');
    await garden.runtime.agentTypesChanged('ThresholdAgent');
    const [water] = (await garden.ask('listAgents', { sensor: 1 })) as Body[];
    assert.deepEqual([water?.['parked'], water?.['controls']], ['ThresholdAgent is not loaded', null]);
  });
});

describe('the agent types', () => {
  it('say what a new agent begins with, how its settings are drawn, and its limits in this garden', async () => {
    const garden = await GardenHarness.start({ limits: { longestRunMs: 600_000 } });
    const types = (await garden.ask('describeAgentTypes', { locale: 'de' })) as Body[];
    assert.deepEqual(
      types.map((type) => type['agent_name']),
      garden.types.names(),
    );
    const threshold = types.find((type) => type['agent_name'] === 'ThresholdAgent');
    assert.equal(objectIn(threshold, 'settings')['minThreshold'], 20);
    assert.equal(objectIn(threshold, 'limits')['longestRunMs'], 600_000);
    assert.equal(threshold?.['source'], 'shipped');
  });
});

describe('the brokers', () => {
  it('are listed with whether they serve', async () => {
    const garden = await GardenHarness.start();
    const listed = await garden.ask('listBrokers');
    assert.deepEqual(listed, [{ name: 'here', serves: true, since: null, problem: null }]);
  });
});
