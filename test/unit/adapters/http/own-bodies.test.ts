import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createApiMiddleware, takenCall } from '../../../../src/adapters/http/api-middleware.ts';
import { keepBodies } from '../../../../src/adapters/http/own-bodies.ts';

describe('the bodies of RIPE in a Node-RED whose editor is at /', () => {
  let server: Server;
  let url = '';
  before('serve as Node-RED does: the editor, RIPE, then the flow', async () => {
    const app = express();
    app.use(express.json());
    app.use(createApiMiddleware());
    app.post(
      '/api/sensor',
      (request, response) => void response.json({ text: takenCall(request)?.bodyText }),
    );
    app.post(
      ['/api/own', '/apiary'],
      express.json(),
      (request, response) => void response.json(request.body),
    );
    server = createServer(app).listen(0, '127.0.0.1');
    keepBodies(server, ['/api']);
    keepBodies(server, ['/api']);
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after('close', () => {
    server.closeAllConnections();
    server.close();
  });
  const post = (place: string, body: string) =>
    fetch(url + place, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  it('reach RIPE as they were sent', async () => {
    assert.deepEqual(await (await post('/api/sensor', '{ "name":1.0 }')).json(), { text: '{ "name":1.0 }' });
    assert.equal(server.listenerCount('request'), 2);
  });

  it('are parsed as ever for whoever else is below /api, or beside it', async () => {
    for (const place of ['/api/own', '/apiary'])
      assert.deepEqual(await (await post(place, '{"a":1}')).json(), { a: 1 }, place);
  });
});
