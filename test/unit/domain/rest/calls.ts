import assert from 'node:assert/strict';
import { RipeError } from '../../../../src/domain/errors.ts';
import { matchRoute } from '../../../../src/domain/rest/match-route.ts';
import type { Doorkeeper, HttpCall } from '../../../../src/domain/rest/parse-request.ts';
import { parseRequest } from '../../../../src/domain/rest/parse-request.ts';
import { MemoryKeys } from '../../../support/memory-keys.ts';

// No tests here: what the tests of parseRequest share.

export const KEY = 'secret';
export const ADMIN = 'token';
export const METRICS = 'figures';

/** Sensor 7 is registered, and knows its key. */
export function door(parts: Partial<Doorkeeper> = {}): Doorkeeper {
  const keys = new MemoryKeys();
  keys.set(7, KEY);
  return {
    keys,
    registration: 'open',
    isAdministrator: (token) => token === ADMIN,
    mayReadMetrics: (token) => token === ADMIN || token === METRICS,
    ...parts,
  };
}

/** A call of `GET /api/sensor/7` and the like, with the right key unless `parts` say otherwise. */
export function call(method: string, url: string, parts: Partial<HttpCall> = {}): HttpCall {
  const [path = '', query = ''] = url.split('?');
  const match = matchRoute(method, path);
  assert.ok(match !== null, `${method} ${path} is a route`);
  return {
    match,
    query: new URLSearchParams(query),
    headers: {},
    key: KEY,
    bearer: undefined,
    bodyText: '',
    ...parts,
  };
}

export const withBody = (body: unknown, parts: Partial<HttpCall> = {}): Partial<HttpCall> => ({
  bodyText: JSON.stringify(body),
  ...parts,
});

/** The code of the error that a call is refused with, and the field that it names. */
export function refusalOf(of: HttpCall, at: Doorkeeper = door()): { code: string; field?: unknown } {
  try {
    parseRequest(of, at);
  } catch (error) {
    assert.ok(error instanceof RipeError);
    const { code, params } = error;
    return params['field'] === undefined ? { code } : { code, field: params['field'] };
  }
  return { code: 'none' };
}
