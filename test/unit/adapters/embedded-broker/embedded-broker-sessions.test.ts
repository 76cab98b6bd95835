import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { plainId, scopedId } from '../../../../src/adapters/embedded-broker/client-ids.ts';
import { SESSION_LIMITS, SessionStore } from '../../../../src/adapters/embedded-broker/session-store.ts';
import { hasWildcard, matchesFilter } from '../../../../src/adapters/embedded-broker/topic-filter.ts';
import {
  collect,
  LOGIN,
  quietly,
  type Received,
  until,
  useEmbeddedBroker,
} from './embedded-broker-support.test.ts';

const COMMAND = 'sensor/cmd/1/KEY1';

describe('embedded broker, sessions', () => {
  let time = 0;
  const site = useEmbeddedBroker({
    clock: { now: () => time },
    sessions: { expiryMs: 1_000, queued: 3 },
    expireEveryMs: 5,
  });
  const isGone = (client: string) =>
    site.events.some((event) => event.type === 'disconnected' && event.client === client);

  async function leave(client: MqttClient): Promise<void> {
    const { clientId } = client.options;
    await client.endAsync();
    await until(() => isGone(String(clientId)));
    site.events.length = 0;
  }

  async function send(...texts: string[]): Promise<void> {
    const ripe = await site.ripe();
    for (const text of texts) await ripe.publishAsync(COMMAND, text, { qos: 2 });
    await ripe.endAsync();
  }

  /** Connects again and tells whether the session was there, and what was waiting in it: at `least` so many messages. */
  async function comeBack(
    options: IClientOptions,
    least = 0,
  ): Promise<{ present: boolean; received: Received[] }> {
    const back = { present: false, received: [] as Received[] };
    const client = connect({ protocol: 'mqtt', host: '127.0.0.1', port: site.port, ...LOGIN, ...options });
    client.on('message', (topic, payload, { qos, retain }) => {
      back.received.push({ topic, text: payload.toString(), qos, retain });
    });
    client.once('connect', ({ sessionPresent }) => {
      back.present = sessionPresent;
    });
    await until(() => client.connected && back.received.length >= least);
    await quietly();
    client.end(true);
    return back;
  }

  it('keeps messages for a client without clean session', async () => {
    const client = await site.client({ clean: false, clientId: 'kept' });
    await client.subscribeAsync(COMMAND, { qos: 2 });
    await leave(client);
    await send('a', 'b');
    const { present, received } = await comeBack({ clean: false, clientId: 'kept' }, 2);
    assert.equal(present, true);
    assert.deepEqual(
      received.map(({ text }) => text),
      ['a', 'b'],
    );
  });

  it('forgets the session when its time is over', async () => {
    const client = await site.client({ clean: false, clientId: 'old' });
    await client.subscribeAsync(COMMAND, { qos: 2 });
    await leave(client);
    time += 1_000;
    await sleep(30);
    assert.equal((await comeBack({ clean: false, clientId: 'old' })).present, false);
  });

  it('keeps the session of a client that is connected', async () => {
    const client = await site.client({ clean: false, clientId: 'here' });
    await client.subscribeAsync(COMMAND, { qos: 2 });
    const received = collect(client);
    time += 10_000;
    await sleep(30);
    await send('a');
    await until(() => received.length === 1);
  });

  it('queues up to the limit of a session', async () => {
    const client = await site.client({ clean: false, clientId: 'full' });
    await client.subscribeAsync(COMMAND, { qos: 1 });
    await leave(client);
    await send('a', 'b', 'c', 'd');
    assert.equal((await comeBack({ clean: false, clientId: 'full' }, 3)).received.length, 3);
  });

  it('gives the session to nobody with another login', async () => {
    const client = await site.client({ clean: false, clientId: 'mine' });
    await client.subscribeAsync(COMMAND, { qos: 2 });
    await leave(client);
    await send('a');
    const thief = await comeBack({ clean: false, clientId: 'mine', password: 'else' });
    assert.deepEqual(thief, { present: false, received: [] });
  });

  it('ends the session at a connect with clean session', async () => {
    const first = await site.client({ clean: false, clientId: 'tidy' });
    await first.subscribeAsync(COMMAND, { qos: 2 });
    await leave(first);
    await leave(await site.client({ clean: true, clientId: 'tidy' }));
    assert.equal((await comeBack({ clean: false, clientId: 'tidy' })).present, false);
  });

  it('stores no subscription it has refused', async () => {
    const client = await site.client({ clean: false, clientId: 'curious' });
    await client.subscribeAsync({ '#': { qos: 2 }, [COMMAND]: { qos: 2 } }).catch(() => undefined);
    await leave(client);
    const ripe = await site.ripe();
    await ripe.publishAsync('sensor/cmd/2/KEY2', 'x', { qos: 2 });
    const { present, received } = await comeBack({ clean: false, clientId: 'curious' });
    assert.equal(present, true);
    assert.deepEqual(received, []);
  });

  it('delivers a QoS 2 message once although its sender repeats it', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('sensor/data/+/+', { qos: 2 });
    const received = collect(ripe);
    const socket = await site.socket();
    const connect = '100e00044d515454040200140002' + '7133';
    const publish = '3418001273656e736f722f646174612f312f4b455931000961' + '62';
    socket.write(Buffer.from(connect, 'hex'));
    socket.write(Buffer.from(publish, 'hex'));
    await until(() => received.length === 1);
    socket.write(Buffer.from(publish.replace(/^34/, '3c'), 'hex'));
    await quietly();
    assert.equal(received.length, 1);
  });
});

describe('SessionStore', () => {
  it('drops the oldest session without a connection when there are too many', () => {
    const store = new SessionStore({ now: () => 0 }, { ...SESSION_LIMITS, offline: 2 });
    for (const id of ['a', 'b', 'c', 'd']) {
      store.open(id, 'login');
      store.online(id);
      store.subscribe({ clientId: id, topic: 'x', qos: 1 });
    }
    for (const id of ['b', 'a', 'b', 'c']) store.offline(id);
    assert.equal(store.size, 3);
    assert.deepEqual(
      store.subscribers('x').map(({ clientId }) => clientId),
      ['b', 'c', 'd'],
    );
  });

  it("drops those of whoever leaves most, and nobody else's", () => {
    const store = new SessionStore({ now: () => 0 }, { ...SESSION_LIMITS, offline: 5 });
    const ids = ['owner', ...Array.from({ length: 50 }, (_, n) => `attacker ${n}`)].map((each) =>
      each === 'owner' ? scopedId('10.0.0.1', each) : scopedId('10.0.0.9', each),
    );
    for (const clientId of ids) {
      store.open(clientId, 'login');
      store.subscribe({ clientId, topic: 'x', qos: 1 });
    }
    const left = store.subscribers('x').map(({ clientId }) => plainId(clientId));
    assert.deepEqual(left, ['owner', 'attacker 46', 'attacker 47', 'attacker 48', 'attacker 49']);
  });

  it('queues a message of a sensor for so many only: the oldest without a connection loses the topic', () => {
    const store = new SessionStore({ now: () => 0 }, { ...SESSION_LIMITS, listeners: 2 });
    const told = (topic: string) => store.subscribers(topic).map(({ clientId }) => clientId);
    for (const clientId of ['connected', 'a', 'b', 'c']) {
      store.open(clientId, 'login');
      if (clientId === 'connected') store.online(clientId);
      for (const topic of [COMMAND, 'ripe/master', 'sensor/#']) store.subscribe({ clientId, topic, qos: 1 });
    }
    const told4 = ['connected', 'a', 'b', 'c'];
    assert.deepEqual([told('ripe/master'), told('sensor/other')], [told4, told4]);
    for (const each of told4) store.unsubscribe(each, 'sensor/#');
    assert.deepEqual(told(COMMAND), ['connected', 'c']);
    assert.deepEqual(
      store.subscriptionsOf('a').map(({ topic }) => topic),
      ['ripe/master'],
    );
  });

  it('forgets everything of a session that never got a connection', () => {
    let now = 0;
    const store = new SessionStore({ now: () => now }, SESSION_LIMITS);
    store.open('a', 'login');
    now = SESSION_LIMITS.expiryMs;
    store.expire();
    assert.equal(store.size, 0);
  });
});

describe('topic filters', () => {
  const cases: [filter: string, topic: string, matches: boolean][] = [
    ['a/b', 'a/b', true],
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['+/+', '/b', true],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', 'a/b', true],
    ['#', '$SYS/a', false],
    ['+/a', '$SYS/a', false],
    ['$SYS/#', '$SYS/a', true],
    ['a/b/c', 'a/b', false],
  ];
  for (const [filter, topic, matches] of cases) {
    it(`${filter} ${matches ? 'matches' : 'does not match'} ${topic}`, () => {
      assert.equal(matchesFilter(filter, topic), matches);
      assert.equal(hasWildcard(filter), filter !== 'a/b' && filter !== 'a/b/c');
    });
  }
});
