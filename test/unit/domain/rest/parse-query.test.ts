import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { nextLink } from '../../../../src/domain/rest/next-link.ts';
import { parseRequest } from '../../../../src/domain/rest/parse-request.ts';
import { call, door, refusalOf } from './calls.ts';

const YEAR = 'from=2025-01-01T00:00:00Z&until=2026-01-01T00:00:00Z';
const from = Date.UTC(2025, 0, 1);
const ask = (path: string, headers = {}) =>
  parseRequest(call('GET', `/api/sensor/7${path}`, { headers }), door());
const refused = (path: string) => refusalOf(call('GET', `/api/sensor/7${path}`));

describe('a query', () => {
  it('keeps the 24 hours of old clients, and lifts them for who names a resolution', () => {
    assert.deepEqual(refused(`/data?${YEAR}`), { code: 'RIPE_FIELD_INVALID', field: 'until' });
    const { range, resolution, page } = ask(`/data?${YEAR}&resolution=1d`);
    assert.deepEqual(range, { from, until: Date.UTC(2026, 0, 1) });
    assert.deepEqual([resolution, page], ['1d', { limit: 1_000, after: null }]);
  });

  it('takes no page without a resolution: those rows never had any', () => {
    const day = 'from=2025-01-01T00:00:00Z&until=2025-01-02T00:00:00Z&limit=zero&cursor=x';
    assert.equal(ask(`/data?${day}`).page, undefined);
  });

  it('takes limit and cursor', () => {
    const { page } = ask(`/decision?${YEAR}&limit=7&cursor=${from + 5}.2`);
    assert.deepEqual(page, { limit: 7, after: { at: from + 5, skip: 2 } });
    assert.equal(ask(`/data?${YEAR}&resolution=raw&limit=10000`).page?.limit, 10_000);
  });

  for (const [path, field] of [
    [`/data?${YEAR}&resolution=2m`, 'resolution'],
    [`/data?${YEAR}&resolution=`, 'resolution'],
    [`/data?${YEAR}&resolution=raw&limit=10001`, 'limit'],
    [`/decision?${YEAR}&limit=1001`, 'limit'],
    [`/decision?${YEAR}&limit=0`, 'limit'],
    [`/decision?${YEAR}&limit=1.5`, 'limit'],
    [`/decision?${YEAR}&limit=`, 'limit'],
    [`/decision?${YEAR}&cursor=5.0`, 'cursor'],
    ['/decision', 'from'],
    ['/job?from=2025-01-01T00:00:00Z', 'until'],
    ['/job?until=2025-01-01T00:00:00Z', 'from'],
  ] as const) {
    it(`is refused as ${path}, naming ${field}`, () => {
      assert.deepEqual(refused(path), { code: 'RIPE_FIELD_INVALID', field });
    });
  }

  it('may leave the range out where open jobs are asked for', () => {
    const request = ask('/job');
    assert.deepEqual([request.range, request.page], [undefined, undefined]);
    assert.equal(ask(`/job?${YEAR}`).range?.from, from);
  });

  it('asks for a table by Accept, where there is one', () => {
    const accept = { accept: 'text/csv' };
    assert.equal(ask(`/data?${YEAR}&resolution=raw`, accept).format, 'csv');
    assert.equal(ask(`/decision?${YEAR}`, accept).format, undefined);
  });

  it('is what the link to the next page leads back to', () => {
    const request = ask(`/data?${YEAR}&resolution=1h&limit=5`);
    const { link = '' } = nextLink(request, { at: from + 9, skip: 3 });
    const [, query] = /^<\?(.*)>; rel="next"$/.exec(link) ?? [];
    const next = ask(`/data?${query}`);
    assert.deepEqual(next, { ...request, page: { limit: 5, after: { at: from + 9, skip: 3 } } });
    assert.deepEqual(nextLink(request, null), {});
  });
});
