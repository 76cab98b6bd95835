import assert from 'node:assert/strict';
import { accepted, curl, refused } from '../support/curl.ts';
import { RawHttp } from '../support/raw-http.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { base64, registerSensor, TestSensor } from '../support/test-sensor.ts';

describe('REST: paths', () => {
  const ripe = useSharedRipe();

  /** A domain, and what its base64 looks like in a path. */
  const awkward: [string, RegExp][] = [
    ['1_Öl', /\/.*=$/],
    ['01_>>>', /\+/],
    ['01_???', /\/$/],
    ['???>>>', /^Pz8\/Pj4\+$/],
    ['???'.repeat(20), /(\/.*){20}/],
    ['a', /==$/],
    ['04_Lüftung/config', /./],
    ['ÿÿÿ 🌱', /./],
    ['d'.repeat(255), /./],
    ['🌱'.repeat(63), /./],
  ];

  it('find a domain whose base64 holds a slash, a plus or padding (§2.2 FIX, DEPENDS)', async () => {
    const sensor = await registerSensor(ripe);
    for (const [domain, looks] of awkward) {
      assert.match(base64(domain), looks);
      await sensor.addAgent(domain, 'PercentAgent');
      await sensor.configure(domain, {});
      await sensor.command(domain, 770);
      assert.match((await sensor.agentStatus(domain)).ui.rendered, /77/);
    }
  });

  it('find it escaped by a proxy as well, wholly or in part (§2.2)', async () => {
    const sensor = await registerSensor(ripe);
    for (const [domain] of awkward) {
      await sensor.addAgent(domain, 'PercentAgent');
      const whole = encodeURIComponent(base64(domain));
      const lower = whole.replace(/%../g, (escaped) => escaped.toLowerCase());
      const padding = base64(domain).replaceAll('=', '%3D');
      for (const [index, path] of [whole, lower, padding].entries()) {
        const payload = 100 * (index + 1);
        accepted(await sensor.agent('POST', `/${path}`, { body: { payload } }));
        assert.match((await sensor.agentStatus(domain)).ui.rendered, new RegExp(`^${payload / 10}\\b`));
        accepted(await sensor.agent('GET', `/${path}/config`));
      }
    }
  });

  it('with a domain that is no base64, or no UTF-8 inside, are unknown agents (§2.2)', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('a', 'PercentAgent');
    for (const path of [
      'YQ',
      'YQ=',
      'YQ===',
      'Y',
      '!!!!',
      'Y Q=',
      '%20YQ==',
      '/w==',
      '__8=',
      'YQ==/x',
      'YQ==%2F',
    ]) {
      const escaped = path.replaceAll(' ', '+');
      refused(await sensor.agent('POST', `/${escaped}`, { body: { payload: 500 } }), 400);
      refused(await sensor.agent('GET', `/${escaped}/config`), 400);
    }
    for (const path of ['YQ==/CONFIGURE', 'config', 'a/b/c/d/e']) {
      refused(await sensor.agent('POST', `/${path}`, { body: { payload: 500 } }), 400);
    }
  });

  it('whose id is no 32-bit integer are not found, and say nothing (§2)', async () => {
    const calls: [string, string][] = [
      ['GET', ''],
      ['GET', '/log'],
      ['GET', '/data'],
      ['GET', '/data/first'],
      ['POST', '/data'],
      ['POST', '/reload'],
    ];
    for (const id of ['abc', '1.5', '2147483648', '-2147483649', '1e3', '0x1', '%31x', '1;DROP', 'null']) {
      for (const [method, rest] of calls) {
        const answer = await curl(ripe, method, `/api/sensor/${id}${rest}`, { key: 'abcdef' });
        assert.deepEqual([answer.status, answer.text], [404, ''], `${method} ${id}${rest}`);
      }
      for (const [method, rest] of [
        ['GET', ''],
        ['POST', ''],
        ['DELETE', ''],
        ['POST', '/YQ=='],
        ['GET', '/YQ==/config'],
        ['POST', '/YQ==/config'],
      ] as const) {
        const answer = await curl(ripe, method, `/api/agent/${id}${rest}`, { key: 'abcdef' });
        assert.deepEqual([answer.status, answer.text], [404, ''], `${method} ${id}${rest}`);
      }
    }
    refused(await new TestSensor(ripe, { id: 2_147_483_647, key: 'abcdef' }).sensor('GET'), 400);
  });

  it('that it knows are answered with 405 where the method is another one (§2)', async () => {
    const { id, key } = await registerSensor(ripe);
    for (const [method, path, allow] of [
      ['POST', `/api/sensor/${id}`, 'GET, HEAD'],
      ['PUT', '/api/sensor?a=b', 'GET, HEAD, POST, DELETE'],
      ['PATCH', `/api/sensor/${id}`, 'GET, HEAD'],
      ['DELETE', `/API/sensor/${id}/`, 'GET, HEAD'],
      ['PUT', `/api/agent/${id}/YQ==/config`, 'GET, HEAD, POST'],
      ['GET', `/api/agent/${id}/YQ==`, 'POST'],
      ['POST', '/api/agent', 'GET, HEAD'],
      ['POST', '/metrics', 'GET, HEAD'],
    ] as const) {
      const headers = { 'x-key': key, 'content-type': 'application/json' };
      const body = method === 'GET' ? {} : { body: '{}' };
      const answer = await fetch(ripe.url + path, { method, headers, ...body });
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, allow], `${method} ${path}`);
      assert.equal(
        answer.headers.get('content-security-policy'),
        "default-src 'none'; frame-ancestors 'none'",
      );
      const error = { error: `This path takes ${allow} only`, code: 'RIPE_METHOD_NOT_ALLOWED' };
      assert.deepEqual(await answer.json(), error);
    }
  });

  it("that RIPE does not know keep Node-RED's 404 (§2)", async () => {
    const sensor = await registerSensor(ripe);
    const calls: [string, string][] = [
      ['GET', '/api'],
      ['GET', '/api/'],
      ['GET', '/api/nothing'],
      ['GET', '/API/sensors/1'],
      ['GET', `/api/sensor/${sensor.id}/nothing`],
      ['GET', `/api/sensor/${sensor.id}/data/last`],
      ['POST', '/api/sensor/abc'],
      ['PUT', '/api/nothing'],
      ['GET', '/nothing'],
    ];
    for (const [method, path] of calls) {
      const call = method === 'GET' ? {} : { body: {} };
      const { status, text } = await curl(ripe, method, path, { key: sensor.key, ...call });
      assert.equal(status, 404, `${method} ${path}`);
      assert.match(text, new RegExp(`Cannot ${method} `));
    }
  });

  it('with a broken percent escape are refused (§2)', async () => {
    for (const path of [
      '/api/sensor/%zz',
      '/api/sensor/%',
      '/api/agent/1/%E0%A4%A/config',
      '/api/%c3%28',
      '/api/agent/1/%ff',
    ]) {
      refused(await curl(ripe, 'GET', path), 400, 'path');
      refused(await curl(ripe, 'POST', path, { body: {} }), 400, 'path');
    }
  });

  it('survive bytes that no client should send', async () => {
    const requests = [
      'GET /api/sensor/1\xff\x80 HTTP/1.1\r\nHost: a\r\n\r\n',
      `GET /api/sensor/1/data?from=${'%'.repeat(100)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      `GET /api/${'a/'.repeat(4000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      `GET /api/agent/1/${'/'.repeat(6000)}config HTTP/1.1\r\nHost: a\r\n\r\n`,
      'GET /api/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET http://other.example/api/health HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET //api//health HTTP/1.1\r\nHost: a\r\n\r\n',
      'BREW /api/sensor HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /api/health HTTP/1.1\r\n\r\n',
      'GET /api/health HTTP/1.0\r\n\r\n',
      `GET /api/health HTTP/1.1\r\nHost: a\r\nX-KEY: ${'k'.repeat(40_000)}\r\n\r\n`,
      'POST /api/sensor HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n',
      'POST /api/sensor HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 37) & 0xff)),
    ];
    for (const request of requests) {
      const bytes = typeof request === 'string' ? Buffer.from(request, 'latin1') : request;
      const answer = await new RawHttp(ripe).send(bytes).answer();
      assert.ok(answer === null || answer.status < 500, `${bytes.subarray(0, 60)}: ${answer?.status}`);
    }
    accepted(await curl(ripe, 'GET', '/api/health'));
  });
});
