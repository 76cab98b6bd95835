import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Whereabouts } from '../../../../src/adapters/mqtt/whereabouts.ts';

const at = (whereabouts: Whereabouts) => ['old', 'new'].filter((broker) => whereabouts.isAnybodyAt(broker));
const data = (sensor: number) => `sensor/data/${sensor}/KEY`;

describe('where sensors are', () => {
  it('is where they were heard last', () => {
    const whereabouts = new Whereabouts();
    for (const sensor of [1, 2]) whereabouts.heard({ topic: data(sensor), broker: 'old' });
    whereabouts.heard({ topic: data(1), broker: 'new' });
    assert.deepEqual(at(whereabouts), ['old', 'new']);
    whereabouts.heard({ topic: 'sensor/log/2/KEY', broker: 'new' });
    assert.deepEqual(at(whereabouts), ['new']);
    whereabouts.heard({ topic: data(2), broker: 'old' });
    assert.deepEqual(at(whereabouts), ['old', 'new']);
  });

  it('is known of what sensors say only, not of what they are told', () => {
    const whereabouts = new Whereabouts();
    for (const topic of ['sensor/cmd/1/KEY', 'ripe/epoch', 'sensor/data/x/KEY', 'house/light'])
      whereabouts.heard({ topic, broker: 'old' });
    assert.deepEqual(at(whereabouts), []);
  });

  it('is forgotten of the most silent one where there are too many', () => {
    const whereabouts = new Whereabouts(2);
    whereabouts.heard({ topic: data(1), broker: 'old' });
    for (const sensor of [2, 3]) whereabouts.heard({ topic: data(sensor), broker: 'new' });
    assert.deepEqual(at(whereabouts), ['new']);
  });
});
