import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createApiMiddleware } from '../../../../src/adapters/http/api-middleware.ts';
import { refuseUnanswered } from '../../../../src/adapters/http/unanswered.ts';

describe('a method that a path does not have', () => {
  let server: Server;
  let url = '';
  let isServed = true;

  before('serve as Node-RED does, its own app in another one', async () => {
    const [outer, inner] = [express(), express()];
    outer.use('/root', inner);
    outer.use(
      inner.mountpath,
      refuseUnanswered(() => isServed),
    );
    inner.use(createApiMiddleware());
    inner.get('/api/sensor/:id', (_request, response) => void response.json('ripe'));
    inner.put('/api/sensor/:id', (_request, response) => void response.json('own'));
    server = createServer(outer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after('close', () => {
    server.closeAllConnections();
    server.close();
  });
  const ask = (method: string, path: string, body?: string) =>
    fetch(url + path, { method, ...(body === undefined ? {} : { body }) });

  it('is refused with those that it has', async () => {
    for (const body of [undefined, '{}']) {
      const answer = await ask('DELETE', '/root/api/sensor/7?a=b', body);
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD']);
      const error = { error: 'This path takes GET, HEAD only', code: 'RIPE_METHOD_NOT_ALLOWED' };
      assert.deepEqual(await answer.json(), error);
    }
  });

  it('may be one of somebody’s own flow', async () => {
    assert.equal(await (await ask('PUT', '/root/api/sensor/7')).json(), 'own');
    assert.equal(await (await ask('GET', '/root/api/sensor/7')).json(), 'ripe');
  });

  for (const [what, method, path] of [
    ['the path is none of RIPE’s', 'DELETE', '/root/api/sensors/7'],
    ['the id is none', 'DELETE', '/root/api/sensor/abc'],
    ['it is below another root', 'DELETE', '/api/sensor/7'],
    ['no node serves a route', 'GET', '/root/api/sensor/7/log'],
  ] as const) {
    it(`is a 404 where ${what}`, async () => assert.equal((await ask(method, path)).status, 404));
  }

  it('is a 503 while there are no nodes, where the path has it', async () => {
    isServed = false;
    const statusOf = async (method: string, path: string) => (await ask(method, path)).status;
    const answer = await ask('GET', '/root/api/sensor/7/log');
    assert.deepEqual([answer.status, (await answer.json()).code], [503, 'RIPE_STARTING']);
    assert.equal(await statusOf('DELETE', '/root/api/sensor/7/log'), 405);
    assert.equal(await statusOf('GET', '/root/api/nothing'), 404);
    assert.equal(await statusOf('GET', '/root/api/sensor/7'), 200);
    isServed = true;
  });

  it('leaves OPTIONS to Express', async () => {
    const answer = await ask('OPTIONS', '/root/api/sensor/7');
    assert.deepEqual([answer.status, answer.headers.get('allow')], [200, 'GET,HEAD,PUT']);
  });
});
