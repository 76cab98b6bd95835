import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { PacketGuard } from '../../../../src/adapters/embedded-broker/packet-guard.ts';
import { until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

const APP_ID = 'APP2026-01-31 12:34:56.789012-123456789-1234567890';

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function packet(type: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  assert.ok(body.length < 128);
  return Buffer.concat([Buffer.from([type, body.length]), body]);
}

/** The app's CONNECT, protocol §10.1; `flags` 0x10 is a will QoS of 2 without a will. */
function appConnect(flags = 0xd0, ...login: string[]): Buffer {
  const header = Buffer.concat([text('MQIsdp'), Buffer.from([3, flags, 0, 20])]);
  return packet(0x10, header, text(APP_ID), ...login.map(text));
}

const SUBSCRIBE = packet(0x82, Buffer.from([0, 1]), text('sensor/data/1/KEY1'), Buffer.from([1]));

async function bytes(socket: Socket, count: number): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await until(() => Buffer.concat(chunks).length >= count);
  return Buffer.concat(chunks).toString('hex');
}

describe('embedded broker, first bytes', () => {
  const site = useEmbeddedBroker({ connectTimeoutMs: 150 });

  const connects: [name: string, bytes: Buffer][] = [
    ['with user and password', appConnect(0xd0, 'user', 'password')],
    ['without a login', appConnect(0x10)],
  ];
  for (const [name, connect] of connects) {
    it(`accepts the app's CONNECT ${name}`, async () => {
      const socket = await site.socket();
      socket.write(Buffer.concat([connect, SUBSCRIBE]));
      assert.equal(await bytes(socket, 9), '200200009003000101');
      assert.deepEqual(site.events, [{ type: 'connected', client: APP_ID, address: '127.0.0.1' }]);
    });
  }

  it("accepts the app's CONNECT byte by byte", async () => {
    const socket = await site.socket();
    socket.setNoDelay(true);
    for (const byte of appConnect(0xd0, 'u', 'p')) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(await bytes(socket, 4), '20020000');
  });

  it('closes a connection that says nothing', async () => {
    const socket = await site.socket();
    socket.resume();
    await once(socket, 'close');
    assert.deepEqual(site.events, [
      { type: 'refused', client: '', address: '127.0.0.1', reason: 'connect did not arrive in time' },
    ]);
  });

  const garbage: [name: string, bytes: Buffer][] = [
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['zeros', Buffer.alloc(64)],
    ['ones', Buffer.alloc(64, 0xff)],
    ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex')],
    ['a publish before CONNECT', packet(0x30, text('sensor/data/1/KEY1'), Buffer.from('x'))],
    ['an announced 200 MB', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x5f])],
    ['an endless length', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['a CONNECT of a wrong protocol', packet(0x10, text('HTTP'), Buffer.from([4, 2, 0, 20]), text('x'))],
  ];
  for (const [name, sent] of garbage) {
    it(`survives ${name}`, async () => {
      const socket = await site.socket();
      socket.end(sent);
      socket.resume();
      await once(socket, 'close');
      const client = await site.client();
      assert.equal(client.connected, true);
    });
  }

  it('takes packets of 256 KiB and throws out who sends more', async () => {
    const client = await site.client({ clientId: 'big' });
    await client.publishAsync('sensor/data/1/KEY1', Buffer.alloc(256 * 1024 - 22), { qos: 1 });
    client.publish('sensor/data/1/KEY1', Buffer.alloc(256 * 1024), { qos: 1 });
    await until(() => site.events.length === 2);
    const [, left] = site.events;
    assert.equal(left?.type, 'disconnected');
    assert.equal(left?.reason, 'packet larger than 262144 bytes');
  });
});

describe('PacketGuard', () => {
  const sizes = (bytes: number) => ({ publish: bytes, others: bytes });
  const willWithFlags = (flags: number) =>
    packet(0x10, text('MQTT'), Buffer.from([4, flags, 0, 20]), text('id'), text('t'), text('m'));

  it('mends the flags however the bytes arrive, and nothing else', () => {
    const sent = Buffer.concat([appConnect(0xf8, 'u', 'p'), SUBSCRIBE, appConnect(0xf8)]);
    const mended = Buffer.concat([appConnect(0xc0, 'u', 'p'), SUBSCRIBE, appConnect(0xf8)]);
    fc.assert(
      fc.property(fc.array(fc.nat(sent.length), { maxLength: 12 }), (cuts) => {
        const guard = new PacketGuard(sizes(1_000));
        const edges = [0, ...cuts.sort((a, b) => a - b), sent.length];
        const chunks = edges.map((edge, index) => Buffer.from(sent.subarray(edge, edges[index + 1] ?? edge)));
        assert.ok(chunks.every((chunk) => guard.inspect(chunk)));
        assert.deepEqual(Buffer.concat(chunks), mended);
      }),
    );
  });

  it('leaves a CONNECT with a will as it is', () => {
    const connect = willWithFlags(0x2e);
    new PacketGuard(sizes(1_000)).inspect(connect);
    assert.deepEqual(connect, willWithFlags(0x2e));
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (chunks) => {
        const guard = new PacketGuard(sizes(100));
        for (const chunk of chunks) if (!guard.inspect(Buffer.from(chunk))) return;
      }),
    );
  });
});
