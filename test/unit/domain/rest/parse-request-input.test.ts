import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseRequest } from '../../../../src/domain/rest/parse-request.ts';
import { call, door, KEY, refusalOf, withBody } from './calls.ts';

const DAY = 86_400_000;
const iso = (at: number) => new Date(at).toISOString();
const rangeCall = (query: string) => call('GET', `/api/sensor/7/data?${query}`);
const rangeOf = (query: string) => parseRequest(rangeCall(query), door()).range;

describe('the range of a request', () => {
  it('is half open, with escaped colons and any fraction (protocol §2.3)', () => {
    const query = 'from=2024-07-11T00%3A00%3A00.000Z&until=2024-07-12T00%3A00%3A00.000000Z';
    assert.deepEqual(rangeOf(query), { from: Date.UTC(2024, 6, 11), until: Date.UTC(2024, 6, 12) });
  });

  it('takes offsets, also with an unescaped plus (protocol §2.3)', () => {
    const until = 'until=2024-07-11T00:00:00Z';
    for (const plus of ['+', '%2B']) {
      assert.equal(rangeOf(`from=2024-07-11T01:00:00${plus}02:00&${until}`)?.from, Date.UTC(2024, 6, 10, 23));
    }
  });

  it('is at most 24 hours, which are allowed exactly (protocol §2.3)', () => {
    const from = Date.UTC(2024, 6, 11);
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -DAY, max: 3 * DAY }), fc.constantFrom(0, 1, DAY, DAY + 1)),
        (span) => {
          const { code } = refusalOf(rangeCall(`from=${iso(from)}&until=${iso(from + span)}`));
          assert.equal(code, span > 0 && span <= DAY ? 'none' : 'RIPE_FIELD_INVALID');
        },
      ),
    );
  });

  for (const [query, field] of [
    ['', 'from'],
    [`from=${iso(0)}`, 'until'],
    [`until=${iso(0)}`, 'from'],
    [`from=today&until=${iso(0)}`, 'from'],
    [`from=${iso(0)}&until=1970-01-01T00:00:01`, 'until'],
    [`from=&until=${iso(0)}`, 'from'],
  ] as const) {
    it(`is refused as ${JSON.stringify(query)}, naming ${field}`, () => {
      assert.deepEqual(refusalOf(rangeCall(query)), { code: 'RIPE_FIELD_INVALID', field });
    });
  }
});

describe('the body of a request', () => {
  const refused = (method: string, path: string, body: unknown) =>
    refusalOf(call(method, path, withBody(body)));

  for (const bodyText of ['', 'null x', '{', '{"moisture": 1,}', "{'a': 1}"]) {
    it(`is refused where ${JSON.stringify(bodyText)} is no JSON (protocol §2)`, () => {
      assert.deepEqual(refusalOf(call('POST', '/api/sensor/7/data', { bodyText })), {
        code: 'RIPE_BODY_JSON',
      });
    });
  }

  for (const [method, path, body, field] of [
    ['POST', '/api/sensor', { name: 5 }, 'name'],
    ['POST', '/api/sensor', { name: '' }, 'name'],
    ['POST', '/api/sensor', { name: 'x'.repeat(256) }, 'name'],
    ['POST', '/api/sensor', [], 'body'],
    ['POST', '/api/sensor', null, 'body'],
    ['DELETE', '/api/sensor', { key: KEY }, 'id'],
    ['DELETE', '/api/sensor', { id: 7 }, 'key'],
    ['DELETE', '/api/sensor', { id: '7', key: KEY }, 'id'],
    ['POST', '/api/agent/7', { domain: '01_W' }, 'agent_name'],
    ['POST', '/api/agent/7', { agent_name: 'X' }, 'domain'],
    ['POST', '/api/agent/7', { domain: '', agent_name: 'X' }, 'domain'],
    ['POST', '/api/agent/7', { domain: '01_\u0000W', agent_name: 'X' }, 'domain'],
    ['POST', '/api/agent/7', { domain: '01_\ud800', agent_name: 'X' }, 'domain'],
    ['POST', '/api/agent/7/MDE=', { payload: '5' }, 'payload'],
    ['POST', '/api/agent/7/MDE=', { payload: 0.5 }, 'payload'],
    ['POST', '/api/agent/7/MDE=', { payload: 1e300 }, 'payload'],
    ['POST', '/api/agent/7/MDE=', {}, 'payload'],
    ['POST', '/api/sensor/7/data', { carbon: 0.5 }, 'carbon'],
  ] as const) {
    it(`is refused for ${method} ${path}: ${JSON.stringify(body).slice(0, 50)} (protocol §2)`, () => {
      assert.deepEqual(refused(method, path, body), { code: 'RIPE_FIELD_INVALID', field });
    });
  }

  for (const body of [{}, { name: null }, { name: 'Fern' }, { name: 'Fern', other: {} }]) {
    it(`registers a sensor by ${JSON.stringify(body)} (protocol §3)`, () => {
      assert.equal(refused('POST', '/api/sensor', body).code, 'none');
    });
  }

  it('takes a payload of 64 bits (protocol §3)', () => {
    for (const bodyText of [
      '{"payload": 9223372036854775807}',
      '{"payload": -9223372036854775808}',
      '{"payload": 1.0}',
    ]) {
      assert.equal(refusalOf(call('POST', '/api/agent/7/MDE=', { bodyText })).code, 'none');
    }
  });

  it('is left out where the route takes none', () => {
    const request = parseRequest(call('POST', '/api/sensor/7/reload', { bodyText: '{"a": 1}' }), door());
    assert.equal('body' in request, false);
  });

  it('never makes anything but a request, or an error that has a status', () => {
    const paths = ['/api/sensor/7/data', '/api/agent/7', '/api/agent/7/MDE=', '/api/agent/7/MDE=/config'];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.oneof(fc.json(), fc.string()), (path, bodyText) => {
        refusalOf(call('POST', path, { bodyText }));
      }),
    );
  });
});
