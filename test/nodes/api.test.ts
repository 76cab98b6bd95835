import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import { httpInUrl } from '../../src/domain/rest/route.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';
import { type Message, useNodeRed } from '../support/node-red-site.ts';
import { type FlowNode, gardenNode, inGarden, probe, tab, wired } from '../support/ripe-flow.ts';
import { until } from '../support/until.ts';

const STATUS = 'ripe-api.status';

describe('ripe-api', () => {
  const site = useNodeRed();

  const routes: FlowNode[] = ROUTES.flatMap((route) =>
    route.methods.map((method) => {
      const id = `${method}.${route.operation}`;
      return wired(id, 'http in', { url: httpInUrl(route), method: method.toLowerCase() }, ['api']);
    }),
  );
  /** Whatever comes out of the API is answered at once. */
  const flow = (): FlowNode[] => [
    tab(),
    gardenNode(),
    ...routes,
    inGarden('api', 'ripe-api', {}, ['requests', 'response'], ['errors', 'response']),
    probe('requests'),
    probe('errors'),
    wired('response', 'http response'),
  ];
  const types = ['network/21-httpin'];

  async function open(settings: object = {}): Promise<string> {
    await site.load(flow(), { types, settings: { ripe: { adminToken: 'TOKEN12345', ...settings } } });
    await site.garden.ready;
    site.garden.keys.set(7, 'KEY7secret');
    return site.http();
  }

  const request = async (): Promise<Record<string, unknown>> => {
    const { request: found } = await site.message('requests', () => true);
    site.messages('requests').length = 0;
    return found as Record<string, unknown>;
  };

  it('turns a call into a checked request, with the message of http in around it', async () => {
    const url = await open();
    const headers = {
      'x-key': 'KEY7secret',
      'x-tz': 'Europe/Berlin',
      'accept-language': 'de-AT,de;q=0.9',
      'content-type': 'application/json',
    };
    const domain64 = encodeURIComponent(Buffer.from('01_Wässer').toString('base64'));
    const response = await fetch(`${url}/api/agent/7/${domain64}`, {
      method: 'POST',
      headers,
      body: '{"payload":120}',
    });
    assert.equal(response.status, 200);
    const [message] = site.messages('requests') as [Message];
    assert.ok(message['req'] !== undefined && message['res'] !== undefined);
    assert.deepEqual(await request(), {
      operation: 'command',
      sensor: 7,
      domain: '01_Wässer',
      body: { payload: 120 },
      timeZone: 'Europe/Berlin',
      locale: 'de',
      host: '127.0.0.1',
      client: 'other',
    });
  });

  it('takes a call from a wire, without a key, and keeps what else its message holds', async () => {
    await open();
    const call = { method: 'GET', path: '/api/sensor/7', timeZone: 'Europe/Berlin' };
    site.receive('api', { call, mine: 42 });
    const message = await site.message('requests', () => true);
    assert.equal(message['mine'], 42);
    assert.equal(message['call'], undefined);
    const asked = await request();
    assert.deepEqual(
      [asked['operation'], asked['sensor'], asked['timeZone']],
      ['status', 7, 'Europe/Berlin'],
    );
    site.receive('api', { call: { method: 'GET', path: '/api/none' }, mine: 43 });
    const refusal = await site.message('errors', () => true);
    assert.deepEqual([refusal['mine'], refusal['statusCode']], [43, 400]);
  });

  it('reads ranges, and has defaults for what a client does not say', async () => {
    const url = await open();
    const query = 'from=2026-01-01T00:00:00Z&until=2026-01-01T01:00:00%2B01:00';
    const bad = await fetch(`${url}/api/sensor/7/data?${query}`, { headers: { 'x-key': 'KEY7secret' } });
    assert.equal(bad.status, 400);
    const until_ = query.replace('%2B01:00', '%2B00:00');
    await fetch(`${url}/api/sensor/7/data?${until_}`, {
      headers: { 'x-key': 'KEY7secret', 'user-agent': 'ESP8266HTTPClient' },
    });
    const from = Date.UTC(2026, 0, 1);
    assert.deepEqual(await request(), {
      operation: 'rows',
      sensor: 7,
      range: { from, until: from + 3_600_000 },
      timeZone: 'UTC',
      locale: 'en',
      host: '127.0.0.1',
      client: 'esp8266',
    });
  });

  it('makes a request of every route, by the examples of docs/rest.md', async () => {
    const url = await open();
    const range = `?from=2026-01-01T00:00:00Z&until=2026-01-01T01:00:00Z`;
    const deleted = ROUTES.find(({ operation }) => operation === 'deleteSensor')?.example;
    const { id, key } = deleted as { id: number; key: string };
    site.garden.keys.set(id, key);
    for (const { operation, methods, path: template, range: rule, example: body } of ROUTES) {
      for (const method of methods) {
        const place = template
          .replace('{id}', '7')
          .replace('{domain64}', btoa('01_Water'))
          .replace('{job}', 'a');
        const headers = { 'x-key': 'KEY7secret', authorization: 'Bearer TOKEN12345' };
        const isReadiness = operation === 'ready';
        const { status } = await fetch(`${url}${place}${rule === undefined ? '' : range}`, {
          method,
          headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        // Nothing but the garden is there: that is told at once, and no runtime is asked.
        assert.equal(status, isReadiness ? 503 : 200, `${method} ${place}`);
        if (!isReadiness) assert.equal((await request())['operation'], operation, `${method} ${place}`);
      }
    }
  });

  it('leaves no key and no token in any message', async () => {
    const url = await open();
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ id: 7, key: 'KEY7secret', broker: { items: [] } });
    await fetch(`${url}/api/sensor/7`, { headers: { 'X-KEY': 'KEY7secret' } });
    await fetch(`${url}/api/sensor`, { headers: { Authorization: 'Bearer TOKEN12345' } });
    await fetch(`${url}/api/sensor`, { method: 'DELETE', headers: json, body });
    await fetch(`${url}/api/sensor`, { method: 'DELETE', headers: json, body: body.replace('7,', '8,') });
    await fetch(`${url}/api/sensor/7/data`, { headers: { 'X-KEY': 'KEY7secret' } });
    assert.deepEqual([site.messages('requests').length, site.messages('errors').length], [3, 2]);
    for (const { from, message } of site.sent) {
      const { headers, rawHeaders, headersDistinct } = message['req'] as IncomingMessage;
      const whole = { ...message, res: null, headers, rawHeaders, headersDistinct };
      const text = inspect(whole, {
        depth: 8,
        maxArrayLength: null,
        maxStringLength: null,
        showHidden: true,
      });
      assert.ok(text.length > 1_000);
      for (const secret of ['KEY7secret', 'TOKEN12345']) {
        const place = text.indexOf(secret);
        assert.equal(place, -1, `${from}: ${text.slice(place - 300, place + 50)}`);
      }
    }
  });

  it('answers on output 2 what it refuses, as documented', async () => {
    const url = await open();
    const response = await fetch(`${url}/api/sensor/7`, { headers: { 'x-key': 'wrong' } });
    const body = { error: 'Unknown sensor, wrong key or unknown agent', code: 'RIPE_AUTH_SENSOR' };
    assert.deepEqual([response.status, await response.json()], [400, body]);
    const { payload, statusCode, headers } = await site.message('errors', () => true);
    assert.deepEqual(
      { payload, statusCode, headers },
      {
        payload: JSON.stringify(body),
        statusCode: 400,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      },
    );
    const range = await fetch(`${url}/api/sensor/7/data`, { headers: { 'x-key': 'KEY7secret' } });
    assert.deepEqual(await range.json(), {
      error: 'from: is missing',
      code: 'RIPE_FIELD_INVALID',
      field: 'from',
    });
    assert.deepEqual(site.messages('requests'), []);
  });

  it('answers a message that no http in node has made, instead of passing it on', async () => {
    await open();
    for (const message of [
      { payload: 1 },
      { req: null },
      { req: 'GET /api/health' },
      { req: { headers: {} } },
    ]) {
      site.receive('api', message);
    }
    const errors = await until(() => site.messages('errors').length === 4 && site.messages('errors'));
    for (const { statusCode, payload } of errors) {
      assert.equal(statusCode, 400);
      assert.match(String(payload), /^{"error":"req: must be a request of an http in node/);
    }
    assert.deepEqual(site.messages('requests'), []);
  });

  it('counts requests in its badge', async () => {
    const url = await open();
    await fetch(`${url}/api/health`);
    await site.badge('api', `${STATUS}.ready {"requests":1}`);
  });
});
