import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { MqttClient } from 'mqtt';
import { GuessLimiter } from '../../../../src/adapters/wall/guess-limiter.ts';
import { packet, text } from '../../../support/raw-mqtt.ts';
import { collect, quietly, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

const OWN = 'sensor/data/1/KEY1';
/** Another machine: all of 127.0.0.0/8 is this one. */
const ELSEWHERE = '127.0.0.2';

const connectOf = (id: string, keepAlive = 60) =>
  packet(0x10, text('MQTT'), Buffer.from([4, 2, keepAlive >> 8, keepAlive & 0xff]), text(id));
const subscribeTo = (topic: string) => packet(0x82, Buffer.from([0, 1]), text(topic), Buffer.from([0]));

async function grant(client: MqttClient, topic: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    client.subscribe(topic, { qos: 1 }, (_error, _grants, suback) => resolve(Number(suback?.granted?.[0])));
  });
}

describe('embedded broker, who a client is', () => {
  const site = useEmbeddedBroker();

  it('throws nobody out who has the same client id at another address', async () => {
    const victim = await site.client({ clientId: 'WaterSensor_1' });
    await site.clientFrom(ELSEWHERE, { clientId: 'WaterSensor_1' });
    await quietly();
    assert.equal(victim.connected, true);
    assert.deepEqual(
      site.events.map(({ type, client, address }) => [type, client, address]),
      [
        ['connected', 'WaterSensor_1', '127.0.0.1'],
        ['connected', 'WaterSensor_1', ELSEWHERE],
      ],
    );
  });

  it('lets a device take its own place again', async () => {
    const first = await site.client({ clientId: 'WaterSensor_1' });
    await site.client({ clientId: 'WaterSensor_1' });
    await until(() => !first.connected);
  });

  it('gives the session of a client, and what waits there, to nobody at another address', async () => {
    const owner = await site.client({ clientId: 'app', clean: false });
    await owner.subscribeAsync(OWN, { qos: 1 });
    await owner.endAsync(true);
    const thief = await site.clientFrom(ELSEWHERE, { clientId: 'app', clean: false });
    const stolen = collect(thief);
    const sensor = await site.client();
    await sensor.publishAsync(OWN, 'x', { qos: 1 });
    await quietly();
    assert.deepEqual(stolen, []);
  });

  it('refuses ids that are too long', async () => {
    await assert.rejects(site.client({ clientId: 'x'.repeat(129) }), /Identifier rejected/);
    assert.equal((await site.client({ clientId: 'x'.repeat(128) })).connected, true);
  });
});

describe('embedded broker, guessing keys', () => {
  const site = useEmbeddedBroker({ guesses: new GuessLimiter(3) });

  it('grants nothing more at a sensor after so many wrong keys, right or wrong, but to others', async () => {
    const thief = await site.clientFrom('127.0.0.3', { clean: false, clientId: 'thief' });
    for (const key of ['a', 'b', 'c']) assert.equal(await grant(thief, `sensor/cmd/1/${key}`), 128);
    assert.equal(await grant(thief, 'sensor/cmd/1/KEY1'), 128);
    assert.equal(await grant(thief, 'sensor/cmd/2/KEY2'), 1);
    const owner = await site.client();
    assert.equal(await grant(owner, 'sensor/cmd/1/KEY1'), 1);
    // Nor does the session remember what was not granted.
    const stolen = collect(thief);
    const ripe = await site.ripe();
    await ripe.publishAsync('sensor/cmd/1/KEY1', 'x', { qos: 1 });
    await quietly();
    assert.deepEqual(stolen, []);
  });

  it('takes nothing more for a sensor from who publishes under wrong keys', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('sensor/data/+/+', { qos: 1 });
    const received = collect(ripe);
    const thief = await site.clientFrom('127.0.0.4');
    for (const key of ['a', 'b', 'c', 'd']) await thief.publishAsync(`sensor/data/1/${key}`, 'x', { qos: 1 });
    await thief.publishAsync(OWN, 'guessed', { qos: 1 });
    await (await site.client()).publishAsync(OWN, 'owner', { qos: 1 });
    await until(() => received.some((message) => message.text === 'owner'));
    assert.ok(received.every((message) => message.text !== 'guessed'));
  });
});

describe('embedded broker, limits', () => {
  const site = useEmbeddedBroker({
    limits: {
      connectionsPerAddress: 4,
      connectsPerMinute: 20,
      subscriptions: 2,
      listeners: 2,
      inflight: 3,
      controlBytes: 1_000,
      unreadBytes: 100_000,
      keepAliveSeconds: 1,
      messagesPerSecond: 100,
    },
  });
  const refusals = () => site.events.filter(({ type }) => type === 'refused').map(({ reason }) => reason);
  const isClosed = (socket: Socket) => until(() => socket.destroyed);

  it('are of how many connections an address has', async () => {
    for (let i = 0; i < 4; i++) await site.socket();
    await isClosed((await site.socket()).resume());
    assert.deepEqual(refusals(), ['its address has too many connections']);
    const elsewhere = await site.clientFrom(ELSEWHERE);
    assert.equal(elsewhere.connected, true);
  });

  it('are of how often it connects', async () => {
    for (let i = 0; i < 19; i++) (await site.socket()).destroy();
    const last = (await site.socket()).resume();
    await isClosed((await site.socket()).resume());
    assert.equal(last.destroyed, false);
  });

  it('are of how much a client listens to', async () => {
    const client = await site.client();
    assert.deepEqual(
      [
        await grant(client, OWN),
        await grant(client, 'ripe/master'),
        await grant(client, 'sensor/log/1/KEY1'),
      ],
      [1, 1, 128],
    );
    await client.unsubscribeAsync(OWN);
    assert.equal(await grant(client, 'sensor/log/1/KEY1'), 1);
  });

  it('are of how many listen to one topic, but to the master', async () => {
    const clients = [await site.client(), await site.client(), await site.client()];
    const grants: unknown[] = [];
    for (const client of clients) grants.push(await grant(client, OWN), await grant(client, 'ripe/master'));
    assert.deepEqual(grants, [1, 1, 1, 1, 128, 1]);
    await clients[0]?.endAsync(true);
    await until(() => site.events.some(({ type }) => type === 'disconnected'));
    assert.equal(await grant(clients[2] as MqttClient, OWN), 1);
  });

  it('are of QoS 2 messages that a client does not release', async () => {
    const socket = (await site.socket()).resume();
    socket.write(connectOf('half'));
    for (let id = 1; id <= 4; id++)
      socket.write(packet(0x34, text(OWN), Buffer.from([0, id]), Buffer.from('x')));
    await isClosed(socket);
  });

  it('are of the size of what is no message', async () => {
    const socket = (await site.socket()).resume();
    socket.write(connectOf('long'));
    await until(() => site.events.length === 1);
    socket.write(subscribeTo('x'.repeat(1_000)));
    await isClosed(socket);
    await until(() => site.events.at(-1)?.type === 'disconnected');
    assert.match(String(site.events.at(-1)?.reason), /packet larger than 1000 bytes/);
  });

  it('watch a client that wants no keep-alive', async () => {
    const socket = (await site.socket()).resume();
    socket.write(connectOf('mute', 0));
    await isClosed(socket);
    await until(() => site.events.at(-1)?.type === 'disconnected');
    assert.match(String(site.events.at(-1)?.reason), /keep alive timeout/);
  });

  it('leave RIPE alone', async () => {
    const ripe = await site.ripe();
    const topics = ['a', 'b', 'c', 'd'];
    for (const topic of topics) assert.equal(await grant(ripe, topic), 1);
    const received = collect(ripe);
    for (let i = 0; i < 300; i++) ripe.publish('a', 'x'.repeat(1_000), { qos: 1 });
    await until(() => received.length === 300);
  });

  it('make who sends too fast wait, and nobody else', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('sensor/data/+/+', { qos: 0 });
    const received = collect(ripe);
    const flood = await site.client();
    const fair = await site.clientFrom(ELSEWHERE);
    const beganAt = performance.now();
    for (let i = 0; i < 2_000; i++) flood.publish(OWN, 'flood', { qos: 0 });
    await quietly();
    fair.publish('sensor/data/2/KEY2', 'fair', { qos: 0 });
    await until(() => received.some((message) => message.text === 'fair'), 4_000);
    const seconds = (performance.now() - beganAt) / 1_000;
    assert.ok(received.length < 500 + 200 * seconds, `${received.length} messages within ${seconds} s`);
  });

  it('charge who publishes for each listener', async () => {
    const listeners = [await site.clientFrom(ELSEWHERE), await site.clientFrom(ELSEWHERE)];
    for (const listener of listeners) await listener.subscribeAsync(OWN);
    const heard = listeners.map(collect);
    const publisher = await site.client();
    for (let i = 0; i < 90; i++) publisher.publish(OWN, 'x', { qos: 0 });
    await until(() => heard.every((messages) => messages.length === 90));
    publisher.publish(OWN, 'late', { qos: 0 });
    await quietly();
    assert.ok(heard.every((messages) => messages.length === 90));
  });

  it('cut who does not read, and let nobody wait for him', async () => {
    const ripe = await site.ripe();
    const deaf = await site.socket();
    deaf.write(connectOf('deaf'));
    deaf.write(subscribeTo('sensor/cmd/1/KEY1'));
    const fair = await site.clientFrom(ELSEWHERE);
    await fair.subscribeAsync('sensor/cmd/2/KEY2');
    const heard = collect(fair);
    deaf.pause();
    await quietly();
    const isCut = () => site.events.some(({ client, type }) => client === 'deaf' && type === 'disconnected');
    for (let i = 0; i < 200 && !isCut(); i++) {
      await ripe.publishAsync('sensor/cmd/1/KEY1', Buffer.alloc(60_000), { qos: 1 });
    }
    await until(isCut);
    assert.match(String(site.events.find(({ reason }) => reason !== undefined)?.reason), /unread/);
    const beganAt = performance.now();
    await ripe.publishAsync('sensor/cmd/2/KEY2', 'on', { qos: 1 });
    await until(() => heard.length === 1);
    assert.ok(performance.now() - beganAt < 4_000);
  });
});

describe('embedded broker, what waits for a client', () => {
  const site = useEmbeddedBroker({ limits: { queuedBytes: 1_000 } });

  it('is bounded in bytes, too', async () => {
    const options = { clientId: 'away', clean: false };
    const client = await site.client(options);
    await client.subscribeAsync(OWN, { qos: 1 });
    await client.endAsync(true);
    const sensor = await site.client();
    for (let i = 0; i < 5; i++) await sensor.publishAsync(OWN, Buffer.alloc(400), { qos: 1 });
    const back = await site.client({ ...options, reconnectPeriod: 0 });
    const received = collect(back);
    await quietly();
    assert.ok(received.length <= 2, `${received.length} messages`);
  });
});
