import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'mocha';
import { EventRing } from '../../../../src/adapters/http/event-ring.ts';
import { EventStreams, type EventStreamsOptions } from '../../../../src/adapters/http/event-streams.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { until } from '../../../support/until.ts';

const log = (text: string, sensor = 1) => ({ kind: 'log' as const, sensor, at: 0, text });

describe('the newest events of a sensor', () => {
  it('are known after an id, as far as they are kept', () => {
    const ring = new EventRing<string>(5, 2);
    const first = ring.lastId;
    const [a, b, c] = ['a', 'b', 'c'].map((event) => ring.add(event));
    assert.deepEqual(
      ring.after(a ?? '')?.map(({ event }) => event),
      ['b', 'c'],
    );
    assert.deepEqual(ring.after(b ?? ''), [{ id: c, event: 'c' }]);
    assert.deepEqual(ring.after(c ?? ''), []);
    assert.equal(ring.after(first), null, 'a is not kept any more');
  });

  for (const id of ['', '5', '5-9', '6-1', '5--1', 'x-1', '5-1-1', ' 5-1']) {
    it(`are not known after ${JSON.stringify(id)}`, () => {
      const ring = new EventRing<string>(5, 2);
      ring.add('a');
      assert.equal(ring.after(id), null);
    });
  }
});

describe('live streams', () => {
  let server: Server;
  let streams: EventStreams;
  let key = 'secret';
  const errors: unknown[] = [];
  const clients: IncomingMessage[] = [];

  async function begin(options: Partial<EventStreamsOptions> = {}): Promise<void> {
    const bodyOf = (event: object, locale: string) => ({ ...event, locale });
    const addressOf = ({ headers }: IncomingMessage) => String(headers['x-from']);
    streams = new EventStreams({ bodyOf, keyOf: () => key, addressOf, ...options });
    server = createServer((request, response) => {
      try {
        const lastId = request.headers['last-event-id'] as string | undefined;
        streams.open(response, Number(request.url?.slice(1)), 'en', lastId);
      } catch (error) {
        errors.push(error);
        response.writeHead(429).end();
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  afterEach(() => {
    streams.stop();
    for (const client of clients.splice(0)) client.destroy();
    server.closeAllConnections();
    server.close();
    errors.length = 0;
    key = 'secret';
  });

  async function listen(lastId?: string, sensor = 1, from = 'home') {
    const { port } = server.address() as AddressInfo;
    const headers = { 'x-from': from, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
    const asked = get({ host: '127.0.0.1', port, path: `/${sensor}`, headers, agent: false });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    clients.push(response);
    let text = '';
    response.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    response.on('error', () => undefined);
    const told = () =>
      [...text.matchAll(/^event: (\w+)\nid: (\S+)\ndata: (.*)$/gm)].map(([, ...each]) => each);
    return { response, told, text: () => text, kinds: () => told().map(([kind]) => kind) };
  }

  it('say at once that they stand, and then what happens to their sensor only', async () => {
    await begin();
    const one = await listen();
    await until(() => one.kinds().length === 1);
    streams.tell(log('a', 2));
    streams.tell(log('ü\n'));
    await until(() => one.kinds().length === 2);
    assert.deepEqual(one.kinds(), ['ready', 'log']);
    assert.equal(one.response.headers['content-type'], 'text/event-stream; charset=utf-8');
    const [, , data] = one.told()[1] ?? [];
    assert.deepEqual(JSON.parse(data ?? ''), { ...log('ü\n'), locale: 'en' });
  });

  it('go on after the last event that the client has, also while nobody listened', async () => {
    await begin();
    const one = await listen();
    await until(() => one.kinds().length === 1);
    const [, id] = one.told()[0] ?? [];
    one.response.destroy();
    await until(() => streams.count === 0);
    streams.tell(log('a'));
    streams.tell(log('b'));
    const again = await listen(id);
    await until(() => again.kinds().length === 2);
    assert.deepEqual(again.kinds(), ['log', 'log']);
    const [, last] = again.told()[1] ?? [];
    const upToDate = await listen(last);
    await until(() => upToDate.kinds().length === 1);
    assert.deepEqual(upToDate.kinds(), ['ready']);
  });

  it('tell a client that comes back all that it has missed, also where that is much', async () => {
    await begin();
    const one = await listen();
    await until(() => one.kinds().length === 1);
    const [, id] = one.told()[0] ?? [];
    one.response.destroy();
    await until(() => streams.count === 0);
    const texts = Array.from({ length: 256 }, (_, n) => `${n} ${'x'.repeat(1_000)}`);
    for (const text of texts) streams.tell(log(text));
    const again = await listen(id);
    await until(() => again.kinds().length === 256);
    streams.tell(log('next'));
    await until(() => again.kinds().length === 257);
  });

  it('leave others some, whoever has many sensors', async () => {
    await begin({ perAddress: 2 });
    for (const sensor of [1, 2]) assert.equal((await listen(undefined, sensor)).response.statusCode, 200);
    assert.equal((await listen(undefined, 3)).response.statusCode, 429);
    assert.equal((await listen(undefined, 3, 'elsewhere')).response.statusCode, 200);
  });

  it('say honestly that something was missed', async () => {
    await begin({ kept: 2 });
    const one = await listen();
    await until(() => one.kinds().length === 1);
    const [, id] = one.told()[0] ?? [];
    for (const text of ['a', 'b', 'c']) streams.tell(log(text));
    for (const lastId of [id, '1-1', 'nonsense']) {
      const again = await listen(lastId);
      await until(() => again.kinds().length === 1);
      assert.deepEqual(again.kinds(), ['resync']);
    }
  });

  it('forget what nobody has asked for in a while', async () => {
    await begin({ beatMs: 10, lingerMs: 20 });
    const one = await listen();
    await until(() => one.kinds().length === 1);
    const [, id] = one.told()[0] ?? [];
    one.response.destroy();
    await until(() => streams.count === 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const again = await listen(id);
    await until(() => again.kinds().length === 1);
    assert.deepEqual(again.kinds(), ['resync']);
  });

  it('are as many as they may be, for one sensor and in all', async () => {
    await begin({ perSensor: 2, inAll: 3 });
    await Promise.all([listen(), listen()]);
    assert.equal((await listen()).response.statusCode, 429);
    await listen(undefined, 2);
    assert.equal((await listen(undefined, 3)).response.statusCode, 429);
    assert.ok(errors.every((error) => error instanceof RipeError && error.code === 'RIPE_STREAM_LIMIT'));
    clients[0]?.destroy();
    await until(() => streams.count === 2);
    assert.equal((await listen()).response.statusCode, 200);
  });

  it('beat, and end after their time', async () => {
    await begin({ beatMs: 10, lastsMs: 100 });
    const one = await listen();
    await once(one.response, 'end');
    assert.match(one.text(), /^:$/m);
    assert.equal(streams.count, 0);
  });

  it('end when the key of their sensor changes, when that is removed, and when the runtime stops', async () => {
    await begin();
    const one = await listen();
    streams.keysChanged();
    assert.equal(streams.count, 1);
    key = 'another';
    streams.keysChanged();
    await once(one.response, 'end');
    const two = await listen();
    streams.tell({ kind: 'removed', sensor: 1, name: 'Bed' });
    await once(two.response, 'end');
    assert.equal(two.kinds().at(-1), 'removed');
    const three = await listen();
    streams.stop();
    await once(three.response, 'end');
  });

  it('cut who does not read', async () => {
    await begin();
    const one = await listen();
    one.response.pause();
    const text = 'x'.repeat(10_000);
    await until(() => {
      for (let n = 0; n < 100; n += 1) streams.tell(log(text));
      return streams.count === 0;
    });
  });

  it('answer who asks for the headers only', async () => {
    await begin();
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/1`, { method: 'HEAD' });
    assert.equal(response.status, 200);
    await until(() => streams.count === 0);
  });
});
