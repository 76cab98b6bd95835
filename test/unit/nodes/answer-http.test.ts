import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Response as ExpressResponse } from 'express';
import { answerHttp } from '../../../nodes/shared/answer-http.ts';
import { errorReply, type HttpReply, reply } from '../../../nodes/shared/reply.ts';
import type { WiredNode } from '../../../nodes/shared/routes.ts';
import { RipeError } from '../../../src/domain/errors.ts';

const PLAIN = { type: 'http response', headers: {}, statusCode: Number.NaN };
const STATUS = reply({ status: 200, body: { domain: '01_Öl', rendered: 'läuft', slider: [0, 1] } });
const PAGED = reply({ status: 200, body: [], headers: { link: '<?cursor=a>; rel="next"' } });
const LIMITED = errorReply(new RipeError('RIPE_RATE_LIMITED', { seconds: 7 }), { error: () => undefined });
const CSV = reply({ status: 200, body: 'a,b\n', type: 'text/csv' });

/** As `http response` has Express do it. */
function answerAsNodeRed(response: ExpressResponse, { headers, payload, statusCode }: HttpReply): void {
  response.set(headers).set('content-length', String(Buffer.byteLength(payload)));
  response.status(statusCode).send(payload);
}

describe('a refusal', () => {
  it('says in its headers what to do', () => {
    const headersOf = (error: RipeError) => errorReply(error, { error: () => undefined }).headers;
    assert.equal(headersOf(new RipeError('RIPE_AUTH_ADMIN'))['www-authenticate'], 'Bearer realm="RIPE"');
    assert.equal(headersOf(new RipeError('RIPE_RATE_LIMITED', { seconds: 7 }))['retry-after'], '7');
    assert.equal(headersOf(new RipeError('RIPE_STREAM_LIMIT', { limit: 8 }))['retry-after'], '1');
  });
});

describe('a reply at an http response node', () => {
  let server: Server;
  let url = '';
  let message: object = {};
  let node: object = PLAIN;
  let wasAnswered = false;

  before('serve', async () => {
    const app = express();
    app.use((_request, response) => {
      response.setHeader('x-content-type-options', 'nosniff');
      wasAnswered = answerHttp(node as WiredNode, { ...message, res: { _res: response } });
      if (!wasAnswered) answerAsNodeRed(response, message as HttpReply);
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    node = PLAIN;
  });
  after('close', () => {
    server.closeAllConnections();
    server.close();
  });

  async function ask(asked: object, at: object, method: string) {
    message = asked;
    node = at;
    const response = await fetch(url, { method });
    const { etag: _etag, date: _date, ...headers } = Object.fromEntries(response.headers);
    return { status: response.status, headers, text: await response.text() };
  }

  for (const [what, answer] of Object.entries({ STATUS, PAGED, LIMITED })) {
    for (const method of ['GET', 'HEAD', 'POST']) {
      it(`is answered as Node-RED would, but for an ETag: ${what} to ${method}`, async () => {
        const straight = await ask(answer, PLAIN, method);
        assert.equal(wasAnswered, true);
        const round = await ask(answer, { type: 'function' }, method);
        assert.equal(wasAnswered, false);
        assert.deepEqual(straight, round);
        assert.equal(straight.text, method === 'HEAD' ? '' : answer.payload);
      });
    }
  }

  for (const [what, asked, at] of [
    ['the node has a status of its own', STATUS, { ...PLAIN, statusCode: 203 }],
    ['the node has headers of its own', STATUS, { ...PLAIN, headers: { 'x-own': 'a' } }],
    ['it is another node', STATUS, { ...PLAIN, type: 'template' }],
    ['it is no JSON', CSV, PLAIN],
    ['it is no text', { ...STATUS, payload: { a: 1 } }, PLAIN],
    ['it has cookies of a node in front of ripe-api', { ...STATUS, cookies: { a: '1' } }, PLAIN],
    ['it has no body', { ...STATUS, statusCode: 204 }, PLAIN],
  ] as const) {
    it(`is left to Node-RED where ${what}`, () => {
      const untouched = { headersSent: false };
      assert.equal(answerHttp(at as unknown as WiredNode, { ...asked, res: { _res: untouched } }), false);
    });
  }

  it('is left to Node-RED where somebody has answered already', () => {
    assert.equal(
      answerHttp(PLAIN as unknown as WiredNode, { ...STATUS, res: { _res: { headersSent: true } } }),
      false,
    );
  });
});
