import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { BrokerLink } from '../../../../src/adapters/mqtt/link/broker-link.ts';
import { until } from '../embedded-broker/embedded-broker-support.test.ts';

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const PUBACK_BYTES = 4;
const READINGS = 200;

/** A reading with QoS 1 on the topic `t`. */
const reading = (packetId: number) =>
  Buffer.from([0x32, 6, 0, 1, 't'.charCodeAt(0), packetId >> 8, packetId & 0xff, 0]);

describe('BrokerLink', () => {
  let broker: Server;
  let link: BrokerLink;
  let peer: Socket;
  let acknowledged = 0;

  beforeEach(async () => {
    broker = createServer((socket) => {
      peer = socket;
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(CONNACK);
        socket.on('data', (bytes) => {
          acknowledged += bytes.length / PUBACK_BYTES;
        });
      });
    });
    await once(broker.listen(0, '127.0.0.1'), 'listening');
    const { port } = broker.address() as AddressInfo;
    link = new BrokerLink({
      broker: 'here',
      expiresByTopic: false,
      client: { protocol: 'mqtt', host: '127.0.0.1', port, protocolVersion: 4, reconnectPeriod: 0 },
      timeoutMs: 5_000,
      keepAliveMs: 60_000,
      unreleased: new Set(),
      subscriptions: () => [],
      onMessage: () => {},
    });
    await link.open(new AbortController().signal);
  });

  afterEach(async () => {
    peer.destroy();
    await link.closed;
    broker.close();
  });

  it('acknowledges all readings of one portion in one system call', async () => {
    const { _write, _writev } = Socket.prototype;
    let calls = 0;
    const { port } = broker.address() as AddressInfo;
    Socket.prototype._write = function (this: Socket, ...rest) {
      if (this.remotePort === port) calls += 1;
      _write.call(this, ...rest);
    };
    Socket.prototype._writev = function (this: Socket, ...rest) {
      if (this.remotePort === port) calls += 1;
      _writev?.call(this, ...rest);
    };
    try {
      peer.write(Buffer.concat(Array.from({ length: READINGS }, (_, count) => reading(count + 1))));
      await until(() => acknowledged === READINGS);
    } finally {
      Object.assign(Socket.prototype, { _write, _writev });
    }
    assert.ok(calls <= 2, `${calls} system calls for ${READINGS} acknowledgements`);
  });
});
