import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { RipeError } from '../../../../src/domain/errors.ts';
import { parseWireCall } from '../../../../src/domain/rest/wire-call.ts';

const refused = (field: string) => (error: RipeError) =>
  error.code === 'RIPE_FIELD_INVALID' && error.params['field'] === field;

describe('A call over a wire', () => {
  it('becomes the request that the same call over HTTP becomes, without a key', () => {
    const body = { payload: 60 };
    const call = { method: 'POST', path: '/api/agent/7/MDFfV2F0ZXI=', body };
    assert.deepEqual(
      parseWireCall({ ...call, timeZone: 'Europe/Berlin', locale: 'de', host: 'garden.local:1880' }),
      {
        operation: 'command',
        sensor: 7,
        domain: '01_Water',
        body,
        timeZone: 'Europe/Berlin',
        locale: 'de',
        host: 'garden.local',
        client: 'other',
      },
    );
  });

  it('may do what only the administrator may over HTTP', () => {
    assert.equal(parseWireCall({ method: 'GET', path: '/api/sensor' }).operation, 'listSensors');
  });

  it('reads the query of its path', () => {
    const query = 'from=2026-01-01T00:00:00Z&until=2026-01-01T01:00:00Z';
    const from = Date.UTC(2026, 0, 1);
    const request = parseWireCall({ method: 'get', path: `/api/sensor/7/data?${query}` });
    assert.deepEqual(request.range, { from, until: from + 3_600_000 });
  });

  it('is refused with the name of what is wrong', () => {
    const call = (parts: object) => () => parseWireCall({ method: 'GET', path: '/api/sensor', ...parts });
    assert.throws(() => parseWireCall(null), refused('call'));
    assert.throws(() => parseWireCall({ path: '/api/sensor' }), refused('method'));
    assert.throws(call({ path: '/api/nothing' }), refused('call.path'));
    assert.throws(call({ path: '/api/sensor/bed' }), refused('call.path'));
    assert.throws(call({ path: '/api/sensor/7/events' }), refused('call.path'));
    assert.throws(call({ key: 'secret' }), refused('key'));
    assert.throws(call({ method: 'POST', body: { name: 5 } }), refused('name'));
    const query = 'from=2026-01-01T00:00:00Z';
    assert.throws(call({ path: `/api/sensor/7/data?${query}` }), refused('until'));
  });
});
