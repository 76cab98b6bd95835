import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { type BrokerPool, createBrokerPool } from '../../../../src/adapters/mqtt/broker-pool.ts';
import { useMosquitto } from '../../../support/mosquitto.ts';
import { collect, until } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

describe('broker pool with mosquitto', () => {
  const mosquitto = useMosquitto();
  let record: PoolRecord;
  let pool: BrokerPool;
  let sensor: MqttClient;
  let relay: Relay;

  beforeEach(async () => {
    record = new PoolRecord();
    relay = await startRelay(mosquitto.port);
    sensor = await connectAsync({ host: '127.0.0.1', port: mosquitto.port, protocol: 'mqtt' });
  });
  afterEach(async () => {
    await pool.stop();
    await sensor.endAsync();
    relay.stop();
  });

  function start(persistent: boolean, ...names: string[]): void {
    const brokers = names.map((name) =>
      definition(name, () => ({ port: name === 'relay' ? relay.port : mosquitto.port }), 'auto', persistent),
    );
    pool = createBrokerPool(record.options(brokers));
    pool.start();
  }

  it('speaks MQTT 5', async () => {
    start(false, 'relay');
    await until(() => pool.inService.length > 0);
    // Fixed header, protocol name, then the level.
    assert.equal(relay.sent[0]?.subarray(2, 9).toString('hex'), '00044d51545405');
    assert.equal(relay.connections, 1);
  });

  for (const qos of [0, 1, 2] as const) {
    it(`passes readings and commands on with QoS ${qos}`, async () => {
      start(true, 'direct');
      await until(() => pool.inService.length > 0);
      await sensor.subscribeAsync('sensor/cmd/1/KEY1', { qos: 2 });
      const commands = collect(sensor);
      await pool.publish({
        topic: 'sensor/cmd/1/KEY1',
        payload: Buffer.of(1),
        qos,
        retain: false,
        expiry: 60,
      });
      await sensor.publishAsync('sensor/data/1/KEY1', '{}', { qos });
      await until(() => commands.length === 1 && record.messages.length === 1);
      assert.equal(record.messages[0]?.qos, qos);
    });
  }

  it('leaves its will when its connection breaks, and takes the next broker', async () => {
    await sensor.subscribeAsync('ripe/master', { qos: 2 });
    const wills = collect(sensor);
    start(false, 'relay', 'direct');
    await until(() => pool.inService[0]?.name === 'relay');
    relay.cut();
    await until(() => wills.length === 1 && pool.inService[0]?.name === 'direct');
    assert.deepEqual(wills, [{ topic: 'ripe/master', text: 'master', qos: 2, retain: false }]);
    assert.deepEqual(record.log.slice(0, 3), [
      'connected relay',
      'disconnected relay closed',
      'connected direct',
    ]);
  });

  it('leaves no will when it is stopped', async () => {
    await sensor.subscribeAsync('ripe/master', { qos: 2 });
    const received = collect(sensor);
    start(false, 'direct');
    await until(() => pool.inService.length > 0);
    await pool.stop();
    await sensor.publishAsync('ripe/master', 'end', { qos: 2 });
    await until(() => received.some(({ text }) => text === 'end'));
    assert.equal(received.length, 1);
  });

  it('gets what the broker has queued during a restart', async () => {
    start(true, 'direct');
    await until(() => pool.inService.length > 0);
    await pool.stop();
    await sensor.publishAsync('sensor/data/1/KEY1', 'meanwhile', { qos: 2 });
    record = new PoolRecord();
    start(true, 'direct');
    await until(() => record.messages.length === 1);
    assert.equal(record.messages[0]?.payload.toString(), 'meanwhile');
  });

  it('comes back when the broker does', async () => {
    start(false, 'direct');
    await until(() => pool.inService.length > 0);
    await mosquitto.stop();
    await until(() => record.log.some((line) => line.startsWith('failed direct')));
    await mosquitto.start();
    await until(() => pool.inService.length > 0);
  });
});

interface Relay {
  readonly port: number;
  readonly connections: number;
  /** What clients have sent, in pieces. */
  readonly sent: Buffer[];
  /** Breaks all connections and takes no more. */
  cut(): void;
  stop(): void;
}

/** Stands between the pool and the broker, to listen and to break the connection without a DISCONNECT. */
async function startRelay(target: number): Promise<Relay> {
  const sockets: Socket[] = [];
  const sent: Buffer[] = [];
  const server: Server = createServer((client) => {
    const upstream = createConnection({ port: target, host: '127.0.0.1' });
    client.on('data', (chunk) => sent.push(chunk));
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
      sockets.push(socket);
    }
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    sent,
    cut,
    stop: cut,
    get connections() {
      return sockets.length / 2;
    },
  };
}
