import assert from 'node:assert/strict';
import { connectAsync, type MqttClient } from 'mqtt';
import { type BrokerPool, createBrokerPool } from '../../../../src/adapters/mqtt/broker-pool.ts';
import { useMosquitto } from '../../../support/mosquitto.ts';
import { collect, until } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

for (const protocol of ['5', '3.1.1'] as const) {
  describe(`acknowledgements that a broker pool withholds, in MQTT ${protocol}`, () => {
    const mosquitto = useMosquitto();
    const pools: BrokerPool[] = [];
    let sensor: MqttClient;

    beforeEach(async () => {
      sensor = await connectAsync({ host: '127.0.0.1', port: mosquitto.port, protocol: 'mqtt' });
    });
    afterEach(async () => {
      for (const pool of pools.splice(0)) await pool.stop();
      await sensor.endAsync();
    });

    /** A pool of this test's session; each message is taken over when its `take` is called. */
    async function start(clientId: string) {
      const record = new PoolRecord();
      const takes: (() => void)[] = [];
      const broker = definition('direct', () => ({ port: mosquitto.port }), protocol, true);
      const pool = createBrokerPool(
        record.options([broker], {
          clientId,
          subscriptions: [{ topic: 'sensor/data/+/+', qos: 1 }],
          onMessage(message) {
            record.messages.push(message);
            return new Promise<void>((resolve) => takes.push(resolve));
          },
        }),
      );
      pools.push(pool);
      pool.start();
      await until(() => pool.inService.length > 0);
      const texts = () => record.messages.map(({ payload }) => payload.toString());
      return { pool, takes, texts };
    }
    const send = (...texts: string[]) =>
      Promise.all(texts.map((text) => sensor.publishAsync('sensor/data/1/K', text, { qos: 2 })));

    it('let the broker deliver again what was not taken over, and only that', async () => {
      const first = await start('again');
      await send('a', 'b', 'c');
      await until(() => first.takes.length === 3);
      first.takes[0]?.();
      // A later one waits for those before it.
      first.takes[2]?.();
      await send('d');
      await until(() => first.takes.length === 4);
      await first.pool.stop();
      const second = await start('again');
      await until(() => second.takes.length === 3);
      assert.deepEqual(second.texts(), ['b', 'c', 'd']);
      for (const take of second.takes) take();
      await send('e');
      await until(() => second.texts().at(-1) === 'e');
      second.takes.at(-1)?.();
      await send('f');
      await until(() => second.texts().at(-1) === 'f');
      await second.pool.stop();
      const third = await start('again');
      await until(() => third.takes.length > 0);
      assert.equal(third.texts().at(-1), 'f');
      assert.ok(!third.texts().includes('b'));
    });

    it('hold nothing else up: a command is delivered meanwhile', async () => {
      const { pool, takes } = await start('meanwhile');
      await send('a');
      await until(() => takes.length === 1);
      await sensor.subscribeAsync('sensor/cmd/1/K', { qos: 2 });
      const commands = collect(sensor);
      await pool.publish({ topic: 'sensor/cmd/1/K', payload: Buffer.of(0), qos: 2, retain: true });
      await until(() => commands.length === 1);
      await send('b');
      await until(() => takes.length === 2);
    });
  });
}
