import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, it } from 'mocha';
import { inTurn } from '../../../../src/adapters/http/in-turn.ts';
import { until } from '../../../support/until.ts';

const CALL = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('Requests that a client sends in one piece', () => {
  let server: Server;
  let client: Socket;
  let text = '';
  const served: ServerResponse[] = [];

  beforeEach(async () => {
    served.splice(0);
    text = '';
    server = createServer((request, response) => inTurn(request, response, () => served.push(response)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.setEncoding('latin1').on('data', (more) => {
      text += more;
    });
    client.on('error', () => undefined);
  });
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('are served one after the other, each when the one before has been answered', async () => {
    client.write(CALL.repeat(3));
    for (const count of [1, 2, 3]) {
      await until(() => served.length === count);
      served[count - 1]?.end(`answer ${count}`);
    }
    await until(() => text.includes('answer 3'));
    assert.match(text, /answer 1.*answer 2.*answer 3/s);
  });

  it('do not wait in hundreds: the connection ends', async () => {
    client.write(CALL.repeat(200));
    await once(client, 'close');
    assert.equal(served.length, 1);
  });

  it('are counted while they wait only', async () => {
    for (let count = 1; count <= 50; count += 1) {
      client.write(CALL);
      await until(() => served.length === count);
      served[count - 1]?.end(`answer ${count}.`);
      await until(() => text.includes(`answer ${count}.`));
    }
    assert.equal(client.closed, false);
  });
});
