import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

for (const mode of ['failover', 'all'] as const) {
  describe(`a running pump whose broker is killed, in mode ${mode}`, () => {
    const [first, second] = [useMosquitto(), useMosquitto()];
    const brokers = () => [first, second].map(({ port }) => `mqtt://127.0.0.1:${port}`).join();
    const ripe = useRipe({ env: () => ({ RIPE_BROKERS: brokers(), RIPE_BROKER_MODE: mode }) });
    const subscribe = useSubscribers();

    const named = async (sensor: TestSensor) =>
      (await sensor.status()).broker.items.map(({ port }) => port).sort();
    const names = (sensor: TestSensor, ...ports: number[]) =>
      eventually(async () => assert.deepEqual(await named(sensor), ports.sort()));
    const at = ({ port }: { port: number }) => ({ host: '127.0.0.1', port, credentials: null });

    async function epochAt(broker: { port: number }): Promise<number> {
      const heard = await subscribe(at(broker), 'ripe/epoch');
      const { hex } = await heard.next();
      return (JSON.parse(Buffer.from(hex, 'hex').toString()) as { epoch: number }).epoch;
    }

    it('has its vector at the other one, which alone is named, and is stopped there (§8 FIX)', async () => {
      const sensor = await registerSensor(ripe);
      if (mode === 'all') await names(sensor, first.port, second.port);
      // A first one that is slow to answer at the start is not waited for.
      const [dying, other] = (await named(sensor)).includes(first.port) ? [first, second] : [second, first];
      await sensor.addAgent('01_Pump', 'ThresholdAgent');
      await sensor.command('01_Pump', 600);
      const before = await epochAt(dying);
      await dying.kill();
      await names(sensor, other.port);
      const commands = await subscribe(at(other), sensor.topic('cmd'));
      await commands.settle('01');
      if (mode === 'failover') assert.ok((await epochAt(other)) > before, 'the epoch has risen');
      await publish(at(other), sensor.topic('data'), { moisture: 33 }, 1);
      await eventually(async () => assert.equal((await sensor.status()).data.moisture, 33));
      await sensor.command('01_Pump', 0);
      await commands.settle('00');
    });
  });
}
