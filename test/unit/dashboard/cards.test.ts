import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'mocha';
import type { Sensor } from '../../../dashboard/ui/data/shapes.ts';
import { agentIcon } from '../../../dashboard/ui/overview/agent-icon.ts';
import { plantIcon } from '../../../dashboard/ui/overview/plant-icon.ts';
import { mainMetric, Sparks } from '../../../dashboard/ui/overview/sparks.ts';
import { FakeGardenClient } from '../../support/fake-garden-client.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const sensor = (id: number, data: object | null = { moisture: 40 }): Sensor =>
  ({ id, name: '', data }) as unknown as Sensor;

describe('The day of a card', () => {
  it('is of its main metric, without what was not measured', async () => {
    const client = new FakeGardenClient();
    client.answer = () => [
      { timestamp: '2026-06-01T00:00:00Z', moisture: 41, temperature: 20 },
      { timestamp: '2026-06-01T00:30:00Z', moisture: null, temperature: 21 },
      { timestamp: '2026-06-01T01:00:00Z', moisture: 40, temperature: 22 },
    ];
    const spark = await new Sparks(client.asClient).of(sensor(7), NOW);
    assert.equal(spark?.metric, 'moisture');
    assert.deepEqual(spark?.points, [
      [Date.UTC(2026, 5, 1), 41],
      [Date.UTC(2026, 5, 1, 1), 40],
    ]);
    assert.match(client.paths[0] ?? '', /^\/api\/sensor\/7\/data\?from=2026-05-31T12.*until=2026-06-01T12/);
  });

  it('is asked for once in ten minutes, and not of a sensor that has measured nothing', async () => {
    const client = new FakeGardenClient();
    client.answer = () => [];
    const sparks = new Sparks(client.asClient);
    for (const ms of [0, 1_000, 599_000, 600_000]) await sparks.of(sensor(7), NOW + ms);
    assert.equal(client.calls.length, 2);
    assert.equal(await sparks.of(sensor(8, null), NOW), null);
    assert.equal(client.calls.length, 2);
  });

  it('leaves room for others: four are asked for at a time', async () => {
    const client = new FakeGardenClient();
    const answers: (() => void)[] = [];
    client.answer = () => new Promise((resolve) => answers.push(() => resolve([])));
    const sparks = new Sparks(client.asClient);
    const all = Promise.all(Array.from({ length: 10 }, (_, id) => sparks.of(sensor(id + 1), NOW)));
    await pause(0);
    assert.equal(answers.length, 4);
    answers[0]?.();
    await pause(0);
    assert.equal(answers.length, 5);
    for (let next = 1; next < 10; next += 1) {
      answers[next]?.();
      await pause(0);
    }
    assert.equal((await all).length, 10);
  });

  it('is missing where RIPE does not tell it', async () => {
    const client = new FakeGardenClient();
    client.answer = () => {
      throw new Error('no');
    };
    assert.equal(await new Sparks(client.asClient).of(sensor(7), NOW), null);
  });
});

describe('A card', () => {
  it('shows moisture large, else the first that was measured', () => {
    assert.equal(mainMetric(sensor(1, { temperature: 20, moisture: 0 })), 'moisture');
    assert.equal(mainMetric(sensor(1, { moisture: null, light: 5, temperature: null })), 'light');
    assert.equal(mainMetric(sensor(1, null)), null);
  });

  it('shows what an agent drives, and whether that is at work', () => {
    assert.deepEqual(
      [agentIcon('01_Water', false), agentIcon('01_Water', true)],
      ['mdi-water-outline', 'mdi-water'],
    );
    assert.equal(agentIcon('04_Lüftung', true), 'mdi-fan');
    assert.equal(agentIcon('03_Grow_light', false), 'mdi-lightbulb-outline');
  });

  it('has an icon by its name, in both languages, else one that stays the same', () => {
    const icon = (name: string) => plantIcon({ id: 1, name }).icon;
    assert.equal(icon('Tomato by the wall'), icon('Tomaten'));
    assert.equal(icon('Raspberries'), icon('Himbeere'));
    assert.equal(icon('Rasen'), 'mdi-grass');
    assert.deepEqual(plantIcon({ id: 5, name: 'X' }), plantIcon({ id: 5, name: 'Y' }));
    assert.notDeepEqual(plantIcon({ id: 5, name: 'X' }), plantIcon({ id: 6, name: 'X' }));
  });
});
