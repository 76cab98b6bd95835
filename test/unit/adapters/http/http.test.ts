import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import express from 'express';
import { describe, it } from 'mocha';
import {
  createApiMiddleware,
  type TakenCall,
  takenCall,
} from '../../../../src/adapters/http/api-middleware.ts';

interface Seen {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly rawHeaders: string[];
  readonly distinct: NodeJS.Dict<string[]>;
  readonly body: unknown;
  readonly taken: TakenCall | undefined;
}

describe('The API middleware', () => {
  let server: Server;
  let port = 0;
  const seen: Seen[] = [];

  before(async () => {
    const app = express();
    app.use(createApiMiddleware());
    // As `http in` does it: the body is parsed before any node sees the message.
    app.use(express.json());
    app.use((request, response) => {
      const { headers, rawHeaders, headersDistinct, body } = request;
      seen.push({ headers, rawHeaders, distinct: headersDistinct, body, taken: takenCall(request) });
      response.status(200).json(null);
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    seen.length = 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = async (
    method: string,
    path: string,
    parts: { headers?: Record<string, string>; body?: string } = {},
  ) => {
    const { body, headers = {} } = parts;
    const isFramed = body === undefined || 'transfer-encoding' in headers;
    const length = isFramed ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { method, path, headers: { ...headers, ...length }, agent: false };
    const asked = httpRequest({ host: '127.0.0.1', port, ...options });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode,
      type: response.headers['content-type'],
      body: Buffer.concat(chunks).toString(),
    };
  };
  const postData = (body: string, headers: Record<string, string> = {}) =>
    send('POST', '/api/sensor/1/data', { body, headers });
  const codeOf = ({ body }: { body: string }) => (JSON.parse(body) as { code: string }).code;

  it('takes what Express would route as well: other cases, whole URLs, and what is no URL', async () => {
    for (const path of [
      '/API/Sensor',
      '/api/sensor',
      'http://garden.example/api/sensor',
      'HTTP://x/API/sensor?a=b',
      '/api/sensor#there',
      '/api\\sensor#',
    ]) {
      seen.length = 0;
      const { status } = await send('POST', path, { body: '{', headers: { 'x-key': 'secret' } });
      assert.equal(status, 200, path);
      assert.equal(seen[0]?.taken?.match.route.operation, 'registerSensor', path);
      assert.equal(seen[0]?.headers['x-key'], undefined, path);
    }
  });

  it('takes key and token out of every place of the request, whatever their case', async () => {
    const headers = { 'X-Key': 'secret-key', Authorization: 'Bearer secret-token', 'X-TZ': 'Europe/Berlin' };
    await send('GET', '/api/sensor/1', { headers });
    const [{ taken, ...rest } = assert.fail()] = seen;
    assert.deepEqual([taken?.key, taken?.bearer], ['secret-key', 'secret-token']);
    assert.doesNotMatch(JSON.stringify(rest), /secret/i);
    assert.equal(rest.headers['x-tz'], 'Europe/Berlin');
  });

  it('takes the body out as well', async () => {
    await send('DELETE', '/api/sensor', { body: '{"id": 1, "key": "secret"}' });
    const [{ taken, body } = assert.fail()] = seen;
    assert.equal(taken?.bodyText, '{"id": 1, "key": "secret"}');
    assert.deepEqual(body, {});
  });

  it('gives route, raw parameters and query', async () => {
    await send('GET', '/api/agent/7/MV/Dlmw=/config?a=1%2B2&b');
    const { match, query, bodyText } = seen[0]?.taken ?? assert.fail();
    assert.deepEqual([match.route.operation, match.id, match.domain64], ['getConfig', '7', 'MV/Dlmw=']);
    assert.deepEqual(
      [...query],
      [
        ['a', '1+2'],
        ['b', ''],
      ],
    );
    assert.equal(bodyText, '');
  });

  it('lets other paths pass untouched, with their keys and bodies', async () => {
    const headers = { 'X-Key': 'own', 'content-type': 'application/json' };
    await send('POST', '/api/other', { headers, body: '{"a": 1}' });
    await send('POST', '/sensor/1', { headers, body: '{"a": 1}' });
    assert.deepEqual(
      seen.map(({ taken, body, headers: { 'x-key': key } }) => [taken, body, key]),
      [
        [undefined, { a: 1 }, 'own'],
        [undefined, { a: 1 }, 'own'],
      ],
    );
  });

  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON;a=b']) {
    it(`takes ${type} (protocol §2)`, async () => {
      assert.equal((await postData('{"moisture": 1}', { 'content-type': type })).status, 200);
    });
  }

  it('takes a body without a content type for JSON (protocol §2)', async () => {
    await postData('{"note": "ü"}');
    assert.equal(seen[0]?.taken?.bodyText, '{"note": "ü"}');
  });

  for (const type of ['text/plain', 'application/jsonp', 'application/x-www-form-urlencoded']) {
    it(`answers ${type} with 415 (protocol §2)`, async () => {
      const answer = await postData('{}', { 'content-type': type });
      assert.deepEqual([answer.status, codeOf(answer)], [415, 'RIPE_BODY_CONTENT_TYPE']);
      assert.equal(seen.length, 0);
    });
  }

  it('answers a compressed body with 415', async () => {
    const answer = await postData('{}', { 'content-encoding': 'gzip' });
    assert.deepEqual([answer.status, codeOf(answer)], [415, 'RIPE_BODY_ENCODING']);
  });

  it('minds no type where no body is expected', async () => {
    const headers = { 'content-type': 'text/plain' };
    assert.equal((await send('GET', '/api/sensor/1', { headers, body: 'x' })).status, 200);
    assert.equal(seen[0]?.taken?.bodyText, '');
  });

  it('answers errors as JSON that every client can read (protocol §2)', async () => {
    const { type, body } = await postData('{}', { 'content-type': 'text/plain' });
    assert.equal(type, 'application/json');
    assert.deepEqual(Object.keys(JSON.parse(body)), ['error', 'code']);
  });

  it('answers 400 to a body that is no UTF-8', async () => {
    const asked = httpRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/api/sensor/1/data',
      agent: false,
    });
    asked.end(Buffer.from([0x7b, 0xff, 0x7d]));
    const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
    assert.equal(response.statusCode, 400);
    response.resume();
  });

  it('answers 413 to a body of more than 64 KiB, announced or not', async () => {
    const most = JSON.stringify('x'.repeat(64 * 1024 - 2));
    assert.equal((await postData(most)).status, 200);
    const announced = await postData(`${most} `);
    assert.deepEqual([announced.status, codeOf(announced)], [413, 'RIPE_BODY_TOO_LARGE']);
    const chunked = await postData(`${most} `, { 'transfer-encoding': 'chunked' });
    assert.equal(chunked.status, 413);
  });

  it('is heard by a client that sends all of a large body before it listens', async () => {
    const body = 'x'.repeat(4 << 20);
    for (const framing of [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked']) {
      const socket = connect(port, '127.0.0.1').pause();
      const size = framing.endsWith('chunked') ? `${body.length.toString(16)}\r\n` : '';
      await promisify(socket.write.bind(socket))(
        `POST /api/sensor/1/data HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n${size}${body}`,
      );
      socket.end(size === '' ? '' : '\r\n0\r\n\r\n');
      const heard = Buffer.concat(await socket.toArray()).toString();
      assert.match(heard, /^HTTP\/1\.1 413 .*RIPE_BODY_TOO_LARGE/s, framing);
    }
  });

  it('waits for no body that goes on and on', async () => {
    const socket = connect(port, '127.0.0.1').resume();
    socket.write('POST /api/sensor/1/data HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n');
    await once(socket, 'close');
  });

  for (const [path, status] of [
    ['/api/sensor/abc', 404],
    ['/api/sensor/2147483648', 404],
    ['/api/sensor/%31', 404],
    ['/api/sensor/%', 400],
    ['/api/sensor/%ff', 400],
  ] as const) {
    it(`answers ${status} to ${path} (protocol §2)`, async () => {
      const answer = await send('GET', path);
      assert.equal(answer.status, status);
      assert.equal(seen.length, 0);
      if (status === 404) assert.equal(answer.body, '');
    });
  }

  it('lets a method that a path does not have pass: that is Express to answer', async () => {
    await send('PUT', '/api/sensor/1');
    assert.equal(seen[0]?.taken, undefined);
  });

  it('survives a caller who goes away in the middle of a body', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /api/sensor/1/data HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"moi');
    await once(socket, 'connect');
    socket.destroy();
    assert.equal((await postData('{}')).status, 200);
    assert.equal(seen.length, 1);
  });
});
