import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRipeClient, RefusedError, UnreachableError } from '../../../scripts/simulate/ripe-client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const sensor = { id: 7, key: 'aB3dE9', broker: { items: [] } };

describe("the simulator's client of RIPE", () => {
  let server: Server;
  let handle: Handler;
  let url: string;

  beforeEach(async () => {
    server = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function answer(status: number, body: unknown): Handler {
    return (_request, response) => response.writeHead(status).end(JSON.stringify(body));
  }

  it('addresses an agent by its domain in base64 and shows the key in the header only', async () => {
    handle = (request, response) => {
      assert.equal(request.url, '/api/agent/7/MV/Dlmw=');
      assert.equal(request.headers['x-key'], 'aB3dE9');
      answer(200, null)(request, response);
    };
    await createRipeClient({ url }).command(sensor, '1_Öl', 0);
  });

  it('tells a refusal with its status and text', async () => {
    handle = answer(400, { error: 'Unknown sensor or wrong key' });
    await assert.rejects(
      createRipeClient({ url }).status(sensor),
      (error) => error instanceof RefusedError && error.status === 400 && /wrong key/.test(error.message),
    );
  });

  it('tries again while RIPE is starting', async () => {
    let requests = 0;
    let waits = 0;
    handle = (request, response) => {
      requests += 1;
      const isUp = requests > 1;
      answer(isUp ? 200 : 503, isUp ? { healthy: true, sensor_count: 3 } : { error: 'starting' })(
        request,
        response,
      );
    };
    const onStarting = () => {
      waits += 1;
    };
    const health = await createRipeClient({ url, onStarting }).health();
    assert.deepEqual([health.sensor_count, waits], [3, 1]);
  });

  it('stops trying when its signal ends it', async () => {
    handle = answer(503, { error: 'starting' });
    const controller = new AbortController();
    const health = createRipeClient({
      url,
      signal: controller.signal,
      onStarting: () => controller.abort(),
    }).health();
    await assert.rejects(health, { name: 'AbortError' });
  });

  it('takes what does not answer like RIPE for something else', async () => {
    handle = answer(200, { hello: 'world' });
    await assert.rejects(createRipeClient({ url }).health(), UnreachableError);
  });

  it('says in one line where nothing answers', async () => {
    server.close();
    await assert.rejects(createRipeClient({ url }).health(), {
      name: 'UnreachableError',
      message: `No RIPE answers at ${url}`,
    });
  });
});
