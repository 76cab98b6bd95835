import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { attachWebSocket } from '../../../../src/adapters/embedded-broker/attach-web-socket.ts';
import { collect, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

describe('embedded broker over WebSocket', () => {
  const site = useEmbeddedBroker();
  let server: Server;
  let detach: () => void;
  let port = 0;
  /** An upgrade that nobody takes stays open, and the server would wait for it. */
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => sockets.add(socket));
    attach();
  });

  afterEach(async () => {
    detach();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
  });

  function attach(httpNodeRoot?: string): void {
    detach = attachWebSocket(server, {
      serve: (stream, request) => site.broker.serve(stream, request),
      ...(httpNodeRoot === undefined ? {} : { httpNodeRoot }),
    });
  }

  /** The subprotocol the server answers, or null when nobody takes the upgrade. */
  async function answer(path: string, offered: string[]): Promise<string | null> {
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}${path}`, offered);
    try {
      return await new Promise((resolve) => {
        webSocket.once('open', () => resolve(webSocket.protocol));
        webSocket.once('error', () => resolve(null));
        setTimeout(() => resolve(null), 100).unref();
      });
    } finally {
      webSocket.on('error', () => undefined);
      webSocket.terminate();
    }
  }

  it('carries messages both ways', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('sensor/data/+/+', { qos: 2 });
    const readings = collect(ripe);
    const app = await site.client({ protocol: 'ws', port, path: '/mqtt?from=app', clientId: 'app' });
    await app.subscribeAsync('sensor/cmd/1/KEY1', { qos: 2 });
    const commands = collect(app);
    const large = Buffer.alloc(200_000, 'x').toString();
    await ripe.publishAsync('sensor/cmd/1/KEY1', large, { qos: 2 });
    await app.publishAsync('sensor/data/1/KEY1', large, { qos: 2 });
    await until(() => readings.length === 1 && commands.length === 1);
    assert.equal(commands[0]?.text, large);
    assert.deepEqual(site.events[1], { type: 'connected', client: 'app', address: '127.0.0.1' });
  });

  it('answers the subprotocol a client offers', async () => {
    assert.equal(await answer('/mqtt', ['mqttv3.1', 'mqttv3.11', 'mqtt']), 'mqtt');
    assert.equal(await answer('/mqtt', ['mqttv3.1']), 'mqttv3.1');
    assert.equal(await answer('/', ['other', 'mqttv3.11']), 'mqttv3.11');
  });

  it('leaves every other upgrade to others', async () => {
    const others = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (request.headers['sec-websocket-protocol']?.includes('mqtt') === true) return;
      others.handleUpgrade(request, socket, head, () => undefined);
    });
    assert.equal(await answer('/', []), '');
    assert.equal(await answer('/comms', ['editor']), 'editor');
    assert.equal(await answer('/comms', ['mqtt']), null);
    assert.equal(await answer('/mqtt/more', ['mqtt']), null);
    others.close();
  });

  it("knows the prefix of Node-RED's routes", async () => {
    detach();
    attach('/garden/');
    assert.equal(await answer('/garden/mqtt', ['mqtt']), 'mqtt');
    assert.equal(await answer('/mqtt', ['mqtt']), null);
    assert.equal(await answer('/', ['mqtt']), 'mqtt');
  });

  it('throws out who sends more than 256 KiB', async () => {
    const client = await site.client({ protocol: 'ws', port, path: '/mqtt', clientId: 'big' });
    client.publish('sensor/data/1/KEY1', Buffer.alloc(400_000), { qos: 1 });
    await until(() => site.events.some((event) => event.type === 'disconnected'));
  });

  it('closes its sockets and listens no more when detached', async () => {
    const client = await site.client({ protocol: 'ws', port, path: '/mqtt' });
    detach();
    await until(() => !client.connected);
    assert.equal(server.listenerCount('upgrade'), 0);
  });

  it('drops who comes while the broker is stopped', async () => {
    await site.broker.stop();
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, ['mqtt']);
    webSocket.on('error', () => undefined);
    await once(webSocket, 'close');
  });
});
