import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'mocha';
import { apiWall } from '../../../../src/adapters/http/api-wall.ts';
import { createAddressOf } from '../../../../src/adapters/wall/client-address.ts';
import { HTTP_LIMITS } from '../../../../src/domain/broker/client-limits.ts';

/** More than the two ends of a connection take in without anybody reading. */
const LONG_BYTES = 33_554_432;

describe('The wall before the API', () => {
  let server: Server;
  let isLong = false;

  beforeEach(async () => {
    // One in ten seconds.
    const limits = { ...HTTP_LIMITS, requestsPerMinute: 6, unreadSeconds: 1 };
    const wall = apiWall({ limits, addressOf: createAddressOf([]), corsOrigins: [] });
    const answer = (response: ServerResponse) => response.end(isLong ? Buffer.alloc(LONG_BYTES) : '{}');
    isLong = false;
    server = createServer((request, response) => wall(request, response, () => void answer(response)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** What comes back over one connection, until it says `until`. */
  async function talk(lines: string[], until: RegExp): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let heard = '';
    for (const each of lines) socket.write(each);
    for await (const chunk of socket) {
      heard += String(chunk);
      if (until.test(heard)) break;
    }
    socket.destroy();
    return heard;
  }

  const GET = 'GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n';

  it('says when to come again, and keeps the connection: a new one would cost more than the refusal', async () => {
    const heard = await talk([GET, GET], /RIPE_RATE_LIMITED/);
    const [, refusal = ''] = heard.split('HTTP/1.1 429');
    assert.match(refusal, /retry-after: \d/i);
    assert.match(refusal, /connection: keep-alive/i);
    assert.match(refusal, /content-security-policy: default-src 'none'/i);
  });

  it('ends the connection of who is still sending a body', async () => {
    const post = 'POST /api/sensor HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{';
    const heard = await talk([GET, post], /RIPE_RATE_LIMITED/);
    assert.match(heard.split('HTTP/1.1 429')[1] ?? '', /connection: close/i);
  });

  it('ends the connection of who reads nothing of his answer', async () => {
    isLong = true;
    const gone = once(server, 'connection').then(([socket]) => once(socket, 'close'));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined).pause();
    socket.write(GET);
    await gone;
    socket.destroy();
  });
});
