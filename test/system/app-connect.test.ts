import assert from 'node:assert/strict';
import { useMosquitto } from '../support/mosquitto.ts';
import { publish } from '../support/mosquitto-clients.ts';
import { RawHttp } from '../support/raw-http.ts';
import { CONNACK, PUBLISH, packet, published, RawMqtt, SUBACK, text } from '../support/raw-mqtt.ts';
import { type Ripe, useRipe } from '../support/ripe.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';
import type { Broker } from '../support/wire-types.ts';

const WILL_QOS_2 = 0x10;
const PASSWORD = 0x40;
const USER = 0x80;
const KEEP_ALIVE_S = 20;

/** The CONNECT of the existing app, byte for byte (protocol §10.1): will QoS 2 without a will, clean session off. */
function connect(login: Broker['credentials']): Buffer {
  const clientId = `APP${new Date().toISOString()}-${process.pid}-0123456789012345678901234567890`.slice(
    0,
    50,
  );
  const flags = WILL_QOS_2 | (login === null ? 0 : USER | PASSWORD);
  return packet(
    0x10,
    text('MQIsdp'),
    Buffer.from([3, flags, 0, KEEP_ALIVE_S]),
    text(clientId),
    ...(login === null ? [] : [text(login.username), text(login.password)]),
  );
}

const CHANNELS = ['cmd', 'data', 'log'] as const;

function subscribeToAll(sensor: TestSensor): Buffer {
  const filters = CHANNELS.map((channel) => Buffer.concat([text(sensor.topic(channel)), Buffer.from([1])]));
  return packet(0x82, Buffer.from([0, 7]), ...filters);
}

type Open = (sensor: TestSensor) => Promise<RawMqtt>;

describe("the existing app's CONNECT (§10.1 DEPENDS)", () => {
  const mosquitto = useMosquitto();
  const embedded = useSharedRipe();
  const external = useRipe({ env: () => ({ RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` }) });

  const ways: [string, Ripe, Open][] = [
    ['over TCP', embedded, ({ broker }) => RawMqtt.overTcp(broker.port)],
    ['over WebSocket at /mqtt', embedded, () => overWebSocket('/mqtt', 'mqtt')],
    ['over WebSocket at /', embedded, () => overWebSocket('/', 'mqtt')],
    ['over WebSocket with the name of MQTT 3.1', embedded, () => overWebSocket('/mqtt', 'mqttv3.1')],
    ['over TCP at a mosquitto', external, ({ broker }) => RawMqtt.overTcp(broker.port)],
  ];

  const overWebSocket = (path: string, protocol: string) =>
    RawMqtt.overWebSocket(`ws://127.0.0.1:${embedded.port}${path}`, protocol);

  for (const [way, ripe, open] of ways) {
    for (const isAnonymous of [false, true]) {
      const login = isAnonymous ? 'without a login' : 'with the login of REST';
      it(`is taken ${way} ${login}: it subscribes at QoS 1, and gets commands, data and log lines`, async () => {
        const sensor = await registerSensor(ripe);
        await sensor.addAgent('01_Fan', 'PercentAgent');
        const client = await open(sensor);
        try {
          client.send(connect(isAnonymous ? null : sensor.broker.credentials));
          await follow(client, sensor);
        } finally {
          client.close();
        }
      });
    }
  }

  it('may come in pieces', async () => {
    const sensor = await registerSensor(embedded);
    await sensor.addAgent('01_Fan', 'PercentAgent');
    const client = await RawMqtt.overTcp(embedded.mqttPort);
    try {
      for (const byte of connect(null)) {
        client.send(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      await follow(client, sensor);
    } finally {
      client.close();
    }
  });

  it('leaves other paths and subprotocols to others, the editor among them', async () => {
    for (const [path, protocol] of [
      ['/api', 'mqtt'],
      ['/mqtt', 'chat'],
    ] as const) {
      const upgrade = new RawHttp(embedded).send(upgradeRequest(path, protocol));
      await assert.rejects(upgrade.answer(300));
    }
    const editor = new RawHttp(embedded).send(upgradeRequest('/red/comms', ''));
    assert.match(await editor.head(), /^HTTP\/1.1 101 /);
  });
});

function upgradeRequest(path: string, protocol: string): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(protocol === '' ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function follow(client: RawMqtt, sensor: TestSensor): Promise<void> {
  const answer = await client.next();
  assert.equal(answer.type, CONNACK);
  assert.equal(answer.body.toString('hex'), '0000');
  client.send(subscribeToAll(sensor));
  const expected = new Set([sensor.topic('cmd')]);
  let granted = '';
  while (granted === '' || expected.size > 0) {
    const { type, body, ...rest } = await client.next();
    if (type === SUBACK) granted = body.toString('hex');
    else assert.deepEqual(take(client, { type, body, ...rest }, expected), '32');
  }
  assert.equal(granted, '0007010101');
  await sensor.command('01_Fan', 730);
  assert.equal(take(client, await client.next(), new Set([sensor.topic('cmd')])), '49');
  for (const channel of ['data', 'log'] as const) {
    await publish(sensor.broker, sensor.topic(channel), '{"moisture":50}', 1);
    const hex = take(client, await client.next(), new Set([sensor.topic(channel)]));
    assert.equal(hex, Buffer.from('{"moisture":50}').toString('hex'));
  }
}

/** The payload of a PUBLISH for one of these topics, which is acknowledged. */
function take(client: RawMqtt, answer: Parameters<typeof published>[0], topics: Set<string>): string {
  assert.equal(answer.type, PUBLISH);
  const { topic, hex, qos, id } = published(answer);
  assert.ok(topics.delete(topic), `a message of ${topic}`);
  assert.equal(qos, 1);
  client.send(packet(0x40, Buffer.from([id >> 8, id & 0xff])));
  return hex;
}
