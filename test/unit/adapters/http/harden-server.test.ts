import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, it } from 'mocha';
import { createSteadyClock } from '../../../../src/adapters/clock/system-clock.ts';
import { hardenServer } from '../../../../src/adapters/http/harden-server.ts';
import { UnreadWatch } from '../../../../src/adapters/http/unread-watch.ts';
import { HTTP_LIMITS } from '../../../../src/domain/broker/client-limits.ts';
import { until } from '../../../support/until.ts';

const UPGRADE = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: anything\r\n\r\n';
const MEGABYTE = Buffer.alloc(1_048_576);

describe('A hardened server', () => {
  let server: Server;
  const clients: Socket[] = [];

  async function begin(): Promise<void> {
    server = createServer((_request, response) => response.end('served'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function open(localAddress = '127.0.0.1'): Promise<Socket> {
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', localAddress });
    client.on('error', () => undefined);
    clients.push(client);
    await once(client, 'connect');
    return client;
  }

  function harden(): () => void {
    const clock = createSteadyClock();
    return hardenServer(server, { limits: HTTP_LIMITS, clock, isProxy: () => false, upgradeMs: 50 });
  }

  it('ends an upgrade that nobody answers, also on a connection that has served before, and no other', async () => {
    await begin();
    const undo = harden();
    let count = 0;
    server.on('upgrade', (_request, socket) => {
      count += 1;
      if (count === 1) socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    const [answered, unanswered] = [await open(), await open()];
    answered.write(UPGRADE);
    await once(answered, 'data');
    unanswered.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(unanswered, 'data');
    unanswered.write(UPGRADE);
    await once(unanswered, 'close');
    assert.equal(answered.closed, false);
    undo();
  });

  it('cuts who has left most unread, and nobody else', async () => {
    await begin();
    const watch = new UnreadWatch(16 * MEGABYTE.length);
    const sockets: Socket[] = [];
    server.on('connection', (socket) => {
      sockets.push(socket);
      watch.watch(socket);
    });
    const many = [await open('127.0.0.8'), await open('127.0.0.8'), await open('127.0.0.8')];
    const one = await open('127.0.0.9');
    for (const client of [...many, one]) client.pause();
    await until(() => sockets.length === 4);
    const [first, second, third, other] = sockets;
    watch.look();
    for (const socket of [first, second, third, other])
      for (let n = 0; n < 12; n += 1) socket?.write(MEGABYTE);
    watch.look();
    assert.deepEqual(
      [first, second, third, other].map((socket) => socket?.destroyed),
      [true, true, true, false],
    );
  });
});
