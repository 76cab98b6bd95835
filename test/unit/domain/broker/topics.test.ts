import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseSensorTopic, type SensorChannel, sensorTopic } from '../../../../src/domain/broker/topics.ts';

const channel = fc.constantFrom<SensorChannel>('data', 'log', 'cmd');
const sensor = fc.integer({ min: 1, max: 9_999_999 });
const key = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);

describe('parseSensorTopic', () => {
  it('reads what sensorTopic writes, with and without a key (protocol §5.1)', () => {
    fc.assert(
      fc.property(channel, sensor, fc.option(key, { nil: undefined }), (channel, sensor, key) => {
        const parsed = parseSensorTopic(sensorTopic(channel, sensor, key));
        assert.deepEqual(parsed, { channel, sensor, key: key ?? null });
      }),
    );
  });

  for (const topic of [
    '',
    'sensor',
    'sensor/data',
    'sensor/data/',
    'sensor/data/1/',
    'sensor/data/1/key/more',
    'sensor/data/0/key',
    'sensor/data/01/key',
    'sensor/data/-1/key',
    'sensor/data/1.5/key',
    'sensor/data/10000000/key',
    'sensor/data/x/key',
    'sensor/data/1/+',
    'sensor/data/1/#',
    'sensor/data/1/a+b',
    'Sensor/data/1/key',
    'sensor/other/1/key',
    '/sensor/data/1/key',
    ' sensor/data/1/key',
    'sensor/data/1/key\nmore/level',
    'ripe/master',
  ]) {
    it(`ignores ${JSON.stringify(topic)} (protocol §5.1)`, () => assert.equal(parseSensorTopic(topic), null));
  }
});
