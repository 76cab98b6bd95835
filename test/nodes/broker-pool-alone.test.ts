import assert from 'node:assert/strict';
import { useMosquitto } from '../support/mosquitto.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { type Message, useNodeRed } from '../support/node-red-site.ts';
import { external, type FlowNode, probe, tab, wired } from '../support/ripe-flow.ts';
import { quietly, until } from '../support/until.ts';

describe('ripe-broker-pool alone in a flow', () => {
  const first = useMosquitto();
  const second = useMosquitto();
  const site = useNodeRed();
  const mqtt = useMqttClients();

  const flow = (properties: object): FlowNode[] => [
    tab(),
    external('one', first.port),
    external('two', second.port),
    wired('pool', 'ripe-broker-pool', { brokers: ['one'], ...properties }, ['received'], ['events']),
    probe('received'),
    probe('events'),
  ];
  async function open(properties: object): Promise<void> {
    await site.load(flow(properties));
    await site.message('events', 'broker/connected');
  }
  /** Once this has come in, everything that was published before has. */
  async function mark(port = first.port): Promise<void> {
    const before = site.messages('received').length;
    await (await mqtt.connect(port)).publishAsync('mark', 'x', { qos: 2 });
    await until(() =>
      site
        .messages('received')
        .slice(before)
        .some(({ topic }) => topic === 'mark'),
    );
  }
  /** A broker takes the packets of a connection in their order: what the pool asked for before is done after this. */
  async function passThrough(port = first.port): Promise<void> {
    const heard = await mqtt.listen(port, 'through');
    site.receive('pool', { topic: 'through', payload: 'x', qos: 1 });
    await until(() => heard.length > 0);
  }
  const unmarked = () => site.messages('received').filter(({ topic }) => topic !== 'mark');

  it('receives the topics of its list, each at its quality of service, and no others', async () => {
    const topics = [
      { topic: 'house/+/temperature', qos: 2 },
      { topic: 'shed/#', qos: 0 },
      { topic: 'mark', qos: 2 },
    ];
    await open({ topics });
    const client = await mqtt.connect(first.port);
    for (const topic of [
      'house/kitchen/temperature',
      'shed/door',
      'house/kitchen/light',
      'sensor/data/7/KEY',
    ]) {
      await client.publishAsync(topic, 'x', { qos: 2 });
    }
    await mark();
    const received = unmarked().map(({ topic, qos }) => `${topic} ${qos}`);
    assert.deepEqual(received.sort(), ['house/kitchen/temperature 2', 'shed/door 0']);
  });

  const payloads: [form: string, sent: Buffer | string, received: unknown][] = [
    ['buffer', 'on', Buffer.from('on')],
    ['text', '{"on":true}', '{"on":true}'],
    ['json', '{"on":true}', { on: true }],
    ['base64', Buffer.from([0xff, 0x00]), '/wA='],
    ['auto', '{"on":true}', { on: true }],
    ['auto', '21.5', 21.5],
    ['auto', 'Wärme', 'Wärme'],
    ['auto', Buffer.from([0xff, 0x00]), Buffer.from([0xff, 0x00])],
  ];
  for (const form of ['buffer', 'text', 'json', 'base64', 'auto']) {
    it(`hands payloads on as its dialog says: ${form}`, async () => {
      await open({ topics: [{ topic: 'a', qos: 1 }], output: form });
      const client = await mqtt.connect(first.port);
      const cases = payloads.filter(([name]) => name === form);
      for (const [, sent] of cases) await client.publishAsync('a', sent, { qos: 1 });
      const received = await until(() => {
        const messages = site.messages('received');
        return messages.length === cases.length && messages;
      });
      assert.deepEqual(
        received.map(({ payload }) => payload),
        cases.map(([, , payload]) => payload),
      );
    });
  }

  it('makes an error of what is not the JSON that its dialog wants', async () => {
    await open({ topics: [{ topic: 'a', qos: 1 }], output: 'json' });
    const client = await mqtt.connect(first.port);
    await client.publishAsync('a', '{broken', { qos: 1 });
    await site.error('pool', 'payload: is not JSON');
    assert.deepEqual(site.messages('received'), []);
  });

  it('subscribes and unsubscribes as messages say, and tells its topics', async () => {
    await open({ topics: [{ topic: 'mark', qos: 1 }] });
    site.receive('pool', { action: 'subscribe', topic: 'one', qos: 2 });
    site.receive('pool', { action: 'subscribe', topic: ['two', { topic: 'three', qos: 1 }] });
    site.receive('pool', { action: 'getSubscriptions', ask: 1 });
    const told = await site.message('events', 'subscriptions');
    assert.equal(told['ask'], 1);
    assert.deepEqual(told.payload, [
      { topic: 'mark', qos: 1 },
      { topic: 'one', qos: 2 },
      { topic: 'two', qos: 0 },
      { topic: 'three', qos: 1 },
    ]);
    const client = await mqtt.connect(first.port);
    const publish = async () => {
      await passThrough();
      for (const topic of ['one', 'two', 'three']) await client.publishAsync(topic, 'x', { qos: 2 });
    };
    await publish();
    await mark();
    site.receive('pool', { action: 'unsubscribe', topic: ['one', 'three'] });
    await publish();
    await mark();
    site.receive('pool', { action: 'unsubscribe', topic: true });
    await publish();
    await quietly();
    assert.deepEqual(
      unmarked().map(({ topic, qos }) => [topic, qos]),
      [
        ['one', 2],
        ['two', 0],
        ['three', 1],
        ['two', 0],
      ],
    );
  });

  it('names what is wrong with such a message', async () => {
    await open({});
    const bad: [object, string][] = [
      [{ action: 'subscribe' }, 'topic: must be a topic filter'],
      [{ action: 'subscribe', topic: 'a/#/b' }, 'topic: must be a topic filter'],
      [{ action: 'subscribe', topic: 'a', qos: 3 }, 'qos: must be 0, 1 or 2'],
      [{ action: 'unsubscribe', topic: [5] }, 'topic: must be a topic filter'],
    ];
    for (const [message] of bad) site.receive('pool', message);
    for (const [, error] of bad) assert.ok(await site.error('pool', error));
  });

  it('takes every topic along to the next broker when one dies, and back', async () => {
    await open({ brokers: ['one', 'two'], topics: [{ topic: 'mark', qos: 1 }], publishTopic: 'said' });
    site.receive('pool', { action: 'subscribe', topic: 'later', qos: 1 });
    await passThrough();
    await first.stop();
    try {
      const isNext = (event: Message) => nameOf(event) === 'broker/connected the broker two';
      await until(() => site.messages('events').some(isNext), 10_000);
      const heard = await mqtt.listen(second.port, 'said');
      const client = await mqtt.connect(second.port);
      await client.publishAsync('later', 'still here', { qos: 1 });
      await mark(second.port);
      site.receive('pool', { payload: 'hello', qos: 1 });
      assert.equal((await until(() => heard[0])).payload.toString(), 'hello');
      assert.deepEqual(
        unmarked().map(({ topic, broker }) => [topic, broker]),
        [['later', 'the broker two']],
      );
    } finally {
      await first.start();
    }
  });

  it('forgets topics that a deploy has taken out of its list, though the broker keeps its session', async () => {
    const topics = ['old', 'mark'].map((topic) => ({ topic, qos: 1 }));
    await open({ topics, clientId: 'kept' });
    site.messages('events').length = 0;
    await site.deploy(flow({ topics: topics.slice(1), clientId: 'kept' }), 'nodes');
    await site.message('events', 'broker/connected');
    await passThrough();
    await (await mqtt.connect(first.port)).publishAsync('old', 'x', { qos: 1 });
    await mark();
    assert.deepEqual(unmarked(), []);
  });

  it('fills in topic, quality of service and retain from its dialog', async () => {
    await open({ publishTopic: 'said', publishQos: '1', publishRetain: true });
    site.receive('pool', { payload: 'kept' });
    site.receive('pool', { payload: 'own', topic: 'other', qos: 0, retain: false, delivery: 1 });
    await site.message('events', 'delivery');
    const heard = await mqtt.listen(first.port, 'said');
    const kept = await until(() => heard[0]);
    assert.deepEqual([kept.payload.toString(), kept.qos, kept.retain], ['kept', 1, true]);
    assert.deepEqual(await mqtt.listen(first.port, 'other'), []);
    site.receive('pool', { payload: '', topic: 'said', retain: true });
  });

  it('sends and receives the properties of MQTT 5', async () => {
    await open({ topics: [{ topic: 'asked', qos: 1 }], output: 'auto' });
    const properties = {
      contentType: 'application/json',
      responseTopic: 'answers/7',
      correlationData: Buffer.from([1, 2]),
      userProperties: { room: 'shed' },
    };
    const sent = { topic: 'asked', payload: { on: true }, qos: 1, messageExpiryInterval: 60, ...properties };
    site.receive('pool', sent);
    const { broker, ...received } = (await site.message('received', 'asked')) as Message & {
      messageExpiryInterval: number;
    };
    assert.ok(received.messageExpiryInterval > 50);
    assert.deepEqual(received, {
      ...sent,
      retain: false,
      _msgid: received['_msgid'],
      messageExpiryInterval: received.messageExpiryInterval,
    });
  });

  it('names a bad property', async () => {
    await open({ publishTopic: 'a' });
    const bad: [object, string][] = [
      [{ contentType: 5 }, 'contentType: must be a text'],
      [{ responseTopic: 'a/+' }, 'responseTopic: must be a topic without wildcards'],
      [{ correlationData: 5 }, 'correlationData: must be a Buffer or a text'],
      [{ userProperties: 'a=b' }, 'userProperties: must be an object'],
      [{ messageExpiryInterval: 0 }, 'expiry: must be a whole number of seconds'],
    ];
    for (const [message] of bad) site.receive('pool', message);
    for (const [, error] of bad) assert.ok(await site.error('pool', error));
  });

  for (const [field, value] of Object.entries({
    topics: [{ topic: 'a/#/b' }],
    output: 'xml',
    publishQos: 3,
    publishRetain: 'yes',
  })) {
    it(`names the bad field ${field}`, async () => {
      await site.load(flow({ [field]: value }));
      await site.error('pool', `${field}: `);
    });
  }
});

function nameOf(message: Message | undefined): string {
  return `${message?.topic} ${(message?.payload as { broker?: string })?.broker}`;
}
