import assert from 'node:assert/strict';
import { useMosquitto } from '../support/mosquitto.ts';
import { useRipe } from '../support/ripe.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { registerSensor } from '../support/test-sensor.ts';
import { describeCommands, describeWatering } from './describe-walk.ts';

describe('the walk, against the embedded broker', () => {
  const ripe = useSharedRipe();
  describeWatering(ripe);
  describeCommands(ripe);

  it('names the embedded broker, with credentials (§4.1 DEPENDS)', async () => {
    const { broker } = await registerSensor(ripe);
    const { credentials, ...address } = broker;
    assert.deepEqual(address, { scheme: 'tcp', host: '127.0.0.1', port: ripe.mqttPort });
    assert.deepEqual(Object.keys(credentials ?? {}), ['username', 'password']);
  });
});

describe('the walk, against a mosquitto of RIPE_BROKERS', () => {
  const mosquitto = useMosquitto();
  const ripe = useRipe({ env: () => ({ RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` }) });
  describeWatering(ripe);
  describeCommands(ripe);

  it('names that broker, with placeholders for credentials (§4.1 DEPENDS, §8 FIX)', async () => {
    const sensor = await registerSensor(ripe);
    const { credentials, ...address } = sensor.broker;
    assert.deepEqual(address, { scheme: 'tcp', host: '127.0.0.1', port: mosquitto.port });
    assert.match(credentials?.username ?? '', /./);
    assert.equal((await sensor.status()).broker.items.length, 1);
  });
});

describe('the walk, against a mosquitto with a login', () => {
  const login = { username: 'gärtner', password: 'p@ss/wört:1' };
  const mosquitto = useMosquitto(login);
  const ripe = useRipe({
    env: () => {
      const [username, password] = [login.username, login.password].map(encodeURIComponent);
      return { RIPE_BROKERS: `mqtt://${username}:${password}@127.0.0.1:${mosquitto.port}` };
    },
  });
  describeCommands(ripe);

  it('tells the login to clients, and prints it nowhere (§4.1)', async () => {
    const { broker } = await registerSensor(ripe);
    assert.deepEqual(broker, { scheme: 'tcp', host: '127.0.0.1', port: mosquitto.port, credentials: login });
    assert.ok(!ripe.output.includes(login.password));
    assert.ok(!ripe.output.includes(encodeURIComponent(login.password)));
  });
});
