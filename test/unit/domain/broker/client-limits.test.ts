import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MQTT_LIMITS, parseClientLimits } from '../../../../src/domain/broker/client-limits.ts';

describe('Limits for clients', () => {
  const parse = (text: string) => parseClientLimits('mqttLimits', text, MQTT_LIMITS);

  it('are the defaults where nothing is said', () => {
    assert.deepEqual(parse(''), MQTT_LIMITS);
  });

  it('change one by one; 0 takes one away', () => {
    assert.deepEqual(parse(' connections = 10 , subscriptions=0,'), {
      ...MQTT_LIMITS,
      connections: 10,
      subscriptions: 0,
    });
  });

  for (const wrong of [
    'connections',
    'connections=-1',
    'connections=1.5',
    'connections=99999999999',
    'other=1',
    '__proto__=1',
    'toString=1',
  ]) {
    it(`are refused as ${wrong}, by the name of the setting and with the names that there are`, () => {
      assert.throws(() => parse(wrong), /mqttLimits: must be a list such as .*packetBytes.*queuedBytes/);
    });
  }
});
