import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { publish } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor } from '../support/test-sensor.ts';

for (const [protocol, ackAfterCommit] of [
  ['5', 'no'],
  ['3.1.1', 'yes'],
] as const) {
  describe(`what a broker queues while RIPE is killed, MQTT ${protocol}, RIPE_ACK_AFTER_COMMIT=${ackAfterCommit}`, () => {
    const mosquitto = useMosquitto();
    const ripe = useRipe({
      env: () => ({
        RIPE_BROKERS: JSON.stringify([{ internal: `mqtt://127.0.0.1:${mosquitto.port}`, protocol }]),
        RIPE_ACK_AFTER_COMMIT: ackAfterCommit,
      }),
    });

    it('arrives when it is back, all of it and in its order', async () => {
      const sensor = await registerSensor(ripe);
      await ripe.stop('SIGKILL');
      const lines = Array.from({ length: 12 }, (_, number) => `line ${number}`);
      for (const [number, line] of lines.entries()) {
        await publish(sensor.broker, sensor.topic('log'), line, number % 2 === 0 ? 1 : 2);
      }
      await publish(sensor.broker, sensor.topic('data'), { light: 7 }, 2);
      await ripe.start();
      await eventually(async () => {
        const heard = (await sensor.log()).map((line) => line.replace(/^\[.*?\] /, ''));
        assert.deepEqual(heard, lines);
        assert.equal((await sensor.status()).data.light, 7);
      });
    });
  });
}
