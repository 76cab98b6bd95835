import assert from 'node:assert/strict';
import { freePort } from '../support/free-port.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { useNodeRed } from '../support/node-red-site.ts';
import {
  embedded,
  external,
  type FlowNode,
  gardenNode,
  inGarden,
  probe,
  tab,
  wired,
} from '../support/ripe-flow.ts';
import { until } from '../support/until.ts';

const POOL = 'ripe-broker-pool.status';

describe('ripe-broker-pool at a broker of its own', () => {
  const mosquitto = useMosquitto();
  const site = useNodeRed();
  const mqtt = useMqttClients();

  const alone = (properties: object = {}): FlowNode[] => [
    tab(),
    external('one', mosquitto.port),
    wired('pool', 'ripe-broker-pool', { brokers: ['one'], ...properties }, ['received'], ['events']),
    probe('received'),
    probe('events'),
  ];
  const topics = () => site.messages('events').map(({ topic, payload }) => [topic, brokerOf(payload)]);

  it('works without a garden, and leaves topics as they are', async () => {
    await site.load(alone({ topics: [{ topic: 'sensor/data/+/+', qos: 2 }] }));
    await site.message('events', 'broker/connected');
    const received = await mqtt.listen(mosquitto.port, '#');
    site.receive('pool', { topic: 'sensor/cmd/7', payload: 'as it is', qos: 1 });
    assert.equal((await until(() => received[0])).topic, 'sensor/cmd/7');
    const client = await mqtt.connect(mosquitto.port);
    await client.publishAsync('sensor/data/7/KEY', '{}', { qos: 2 });
    await site.message('received', 'sensor/data/7/KEY');
  });

  it('has a client id of its own: that of its node, or what its dialog says', async () => {
    for (const [properties, clientId] of [
      [{}, 'ripe-pool'],
      [{ clientId: 'greenhouse' }, 'greenhouse'],
    ] as const) {
      await site.load(alone(properties));
      await site.message('events', 'broker/connected');
      // A broker lets each id in once: whoever comes later takes its place.
      await mqtt.connect(mosquitto.port, { clientId });
      await site.message('events', 'broker/disconnected');
      await site.unload();
      site.messages('events').length = 0;
    }
  });

  it('gives messages their expiry', async () => {
    await site.load(alone());
    await site.message('events', 'broker/connected');
    const message = { topic: 'a/b', payload: 'x', qos: 1, retain: true, expiry: 60, delivery: 1 };
    site.receive('pool', message);
    await site.message('events', 'delivery');
    const client = await mqtt.connect(mosquitto.port, { protocolVersion: 5 });
    const expiries: (number | undefined)[] = [];
    client.on('message', (_topic, _payload, { properties }) =>
      expiries.push(properties?.messageExpiryInterval),
    );
    await client.subscribeAsync('a/b');
    await until(() => expiries.length > 0);
    assert.ok(expiries[0] === 60 || expiries[0] === 59, String(expiries[0]));
    await client.publishAsync('a/b', '', { retain: true });
  });

  it('takes the first broker of its list that answers', async () => {
    const dead = await freePort();
    await site.load([
      ...alone({ brokers: ['dead', 'one', 'two'] }),
      external('dead', dead),
      external('two', mosquitto.port),
    ]);
    await site.message('events', 'broker/connected');
    assert.deepEqual(topics(), [
      ['broker/failed', 'the broker dead'],
      ['broker/connected', 'the broker one'],
    ]);
    const { payload } = await site.message('events', 'broker/failed');
    assert.match((payload as { reason: string }).reason, /\S/);
  });

  it('tells when it loses its broker, keeps what is published then, and comes back', async () => {
    await site.load(alone());
    await site.message('events', 'broker/connected');
    await mosquitto.stop();
    await site.message('events', 'broker/disconnected');
    assert.equal((await site.badge('pool', `${POOL}.disconnected`)).fill, 'red');
    for (const delivery of ['on', 'off']) {
      site.receive('pool', { topic: 'sensor/cmd/7', payload: delivery, qos: 2, delivery });
    }
    const { payload } = await site.message('events', 'delivery');
    const reason = 'a newer command of this sensor took its place';
    assert.deepEqual({ ...(payload as object), at: 0 }, { delivery: 'on', ok: false, at: 0, reason });
    await mosquitto.start();
    await until(() => topics().filter(([topic]) => topic === 'broker/connected').length === 2, 10_000);
    await site.message('events', ({ payload: report }) => {
      const { delivery, ok } = report as { delivery?: string; ok?: boolean };
      return delivery === 'off' && ok === true;
    });
    assert.equal(site.badges('pool').at(-1)?.fill, 'green');
  });

  it('follows RIPE_BROKERS instead of its list, and says so to clients', async () => {
    const ripe = {
      host: '127.0.0.1',
      mqttPort: 0,
      brokers: `mqtt://127.0.0.1:${mosquitto.port}|tcp://public:99`,
    };
    const flow = (useSettings: boolean): FlowNode[] => [
      tab(),
      gardenNode(),
      embedded(),
      external('one', mosquitto.port),
      inGarden('broker', 'ripe-embedded-broker'),
      inGarden(
        'pool',
        'ripe-broker-pool',
        { brokers: [useSettings ? 'here' : 'one'], useSettings },
        [],
        ['events'],
      ),
      probe('events'),
    ];
    await site.load(flow(true), { settings: { ripe } });
    await site.message('events', 'broker/connected');
    assert.deepEqual(topics(), [['broker/connected', `127.0.0.1:${mosquitto.port}`]]);
    assert.deepEqual(
      site.garden.brokers.addresses('asked').map(({ host, port }) => [host, port]),
      [['public', 99]],
    );
    await site.unload();
    site.messages('events').length = 0;
    await site.load(flow(false), { settings: { ripe } });
    await site.message('events', 'broker/connected');
    assert.deepEqual(topics(), [['broker/connected', 'the broker one']]);
  });

  it('names what is wrong with RIPE_BROKERS', async () => {
    await site.load(alone(), { settings: { ripe: { brokers: 'http://nowhere' } } });
    await site.error('pool', 'brokers: entry 1');
    assert.equal((await site.badge('pool', `${POOL}.failed`)).fill, 'red');
  });

  it('says what is wrong with its list', async () => {
    await site.load([
      ...alone({ brokers: ['one', 'nowhere'] }),
      embedded(),
      wired('lost', 'ripe-broker-pool', { brokers: ['here'] }),
      wired('empty', 'ripe-broker-pool', { brokers: [] }),
      { id: 'no-host', type: 'ripe-broker', kind: 'external' },
      external('bad-port', 0),
    ]);
    await site.error('pool', 'brokers: entry 2 is not configured');
    await site.error('lost', 'entry 1: the embedded broker needs a ripe-garden');
    await site.error('no-host', 'host: is missing');
    await site.error('bad-port', 'port: must be a whole number from 1 to 65535');
    assert.equal((await site.badge('empty', `${POOL}.none`)).fill, 'yellow');
  });

  for (const [field, value] of Object.entries({ subscribe: 'all', keepAlive: 0, useSettings: 'no' })) {
    it(`names the bad field ${field}`, async () => {
      await site.load(alone({ [field]: value }));
      await site.error('pool', `${field}: must be`);
    });
  }

  it('connects anew when only a broker of its list is deployed with another address', async () => {
    const dead = await freePort();
    const lists = alone({ brokers: ['one', 'two'] }).filter(({ id }) => id !== 'one');
    const flow = (port: number) => [...lists, external('one', port), external('two', dead)];
    await site.load(flow(dead));
    await site.message('events', 'broker/failed');
    const node = site.node('pool');
    await site.deploy(flow(mosquitto.port), 'nodes');
    await site.message('events', 'broker/connected');
    assert.equal(site.node('pool'), node, 'Node-RED has left the pool as it was');
  });
});

const brokerOf = (payload: unknown): string => (payload as { broker: string }).broker;
