import fc from 'fast-check';
import { packet, text } from '../raw-mqtt.ts';

/** What one connection sends, in order. */
export interface MqttCase {
  readonly what: string;
  readonly packets: readonly Buffer[];
}

export interface KnownTopics {
  /** Of a sensor whose key the client has. */
  readonly id: number;
  readonly key: string;
  /** Of one whose key it does not have. */
  readonly foreign: number;
}

/** Every topic of protocol §5.1, under right and wrong keys, and what is none of them. */
function anyTopic({ id, key, foreign }: KnownTopics): fc.Arbitrary<string> {
  const channel = fc.constantFrom('data', 'log', 'ack', 'cmd', 'envelope', 'other');
  const sensor = fc.constantFrom(String(id), String(foreign), '0', '-1', '+', '#', '99999999', 'x');
  const proof = fc.constantFrom(key, key, key, 'WRONGWRONG12', '+', '#', '', `${key}/x`);
  const own = fc.tuple(channel, sensor, proof).map((levels) => `sensor/${levels.join('/')}`);
  const others = fc.constantFrom(
    ...[
      '',
      '#',
      '+',
      '+/+/+/+',
      'sensor/#',
      'sensor/cmd/+/+',
      '$SYS/#',
      '$SYS/+/new/clients',
      'ripe/master',
      'ripe/epoch',
    ],
    ...[
      'ripe/#',
      'ripe/ha/1/a/set',
      'homeassistant/status',
      '$share/g/sensor/data/+/+',
      '$share/g/#',
      '$queue/#',
    ],
    ...[
      '$ripe/dropped',
      '$ripe/expires/1/sensor/cmd/1/x',
      '/'.repeat(150),
      'x'.repeat(20_000),
      'a\u0000b',
      '\ufeff',
      '/',
      '//',
    ],
    ...[`sensor/data/${id}/${key}`.toUpperCase(), ` sensor/data/${id}/${key}`, `sensor//data/${id}/${key}`],
  );
  return fc.oneof({ weight: 3, arbitrary: own }, { weight: 2, arbitrary: others });
}

const anyPayload: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .record({ moisture: fc.oneof(fc.integer(), fc.double()), light: fc.integer() })
    .map((each) => Buffer.from(JSON.stringify(each))),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  fc
    .constantFrom(
      '',
      '{"ask":true}',
      '{"id":"1-1","state":"observed","values":{}}',
      '{"__proto__":{"moisture":1}}',
      '['.repeat(9_000),
      '{"moisture":1e999}',
    )
    .map((each) => Buffer.from(each)),
);

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

function anyConnect(topics: KnownTopics): fc.Arbitrary<Buffer> {
  const name = fc.constantFrom<[string, number]>(
    ['MQTT', 4],
    ['MQTT', 4],
    ['MQTT', 4],
    ['MQIsdp', 3],
    ['MQTT', 5],
    ['MQTT', 9],
    ['', 0],
  );
  const id = fc.constantFrom(
    '',
    'fuzz',
    `WaterSensor_${topics.foreign}`,
    'canary',
    'ripe-',
    'x'.repeat(300),
    '\u0000',
    'a b',
    '__proto__',
  );
  const will = fc.option(fc.tuple(anyTopic(topics), anyPayload, fc.constantFrom(0, 1, 2, 3), fc.boolean()));
  const login = fc.option(
    fc.tuple(fc.constantFrom('ripe', 'ripe-000000000000', 'home', '__proto__'), fc.constantFrom('ripe', '')),
  );
  return fc
    .tuple(name, id, will, login, fc.boolean(), fc.constantFrom(0, 1, 60, 65_535))
    .map(([[protocol, level], clientId, lastWill, credentials, isClean, keepAlive]) => {
      const willFlags = lastWill === null ? 0 : 4 | (lastWill[2] << 3) | (lastWill[3] ? 0x20 : 0);
      const flags = willFlags | (isClean ? 2 : 0) | (credentials === null ? 0 : 0xc0);
      const parts = [text(protocol), Buffer.from([level, flags]), uint16(keepAlive), text(clientId)];
      if (lastWill !== null) parts.push(text(lastWill[0]), uint16(lastWill[1].length), lastWill[1]);
      if (credentials !== null) parts.push(text(credentials[0]), text(credentials[1]));
      return packet(0x10, ...parts);
    });
}

function anyPacket(topics: KnownTopics): fc.Arbitrary<Buffer> {
  const id = fc.constantFrom(0, 1, 2, 3, 65_535).map(uint16);
  const topic = anyTopic(topics);
  const publish = fc
    .tuple(topic, anyPayload, fc.integer({ min: 0, max: 15 }), id)
    .map(([to, payload, flags, packetId]) =>
      packet(0x30 | flags, text(to), ...((flags >> 1) % 4 > 0 ? [packetId] : []), payload),
    );
  const filters = fc.array(fc.tuple(topic, fc.constantFrom(0, 1, 2, 3)), { maxLength: 5 });
  const subscribe = fc
    .tuple(id, filters)
    .map(([packetId, list]) =>
      packet(0x82, packetId, ...list.flatMap(([filter, qos]) => [text(filter), Buffer.from([qos])])),
    );
  const unsubscribe = fc.tuple(id, topic).map(([packetId, filter]) => packet(0xa2, packetId, text(filter)));
  const short = fc
    .tuple(fc.constantFrom(0x40, 0x50, 0x62, 0x70, 0xc0, 0xd0, 0xe0, 0xf0, 0x20, 0x00), id)
    .map(([first, packetId]) => packet(first, ...(first >= 0xc0 ? [] : [packetId])));
  const garbage = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof(
    { weight: 5, arbitrary: publish },
    { weight: 4, arbitrary: subscribe },
    { weight: 1, arbitrary: unsubscribe },
    { weight: 2, arbitrary: short },
    { weight: 1, arbitrary: garbage },
  );
}

const GOOD_CONNECT = packet(0x10, text('MQTT'), Buffer.from([4, 2]), uint16(60), text(''));

export function anyMqttCase(topics: KnownTopics): fc.Arbitrary<MqttCase> {
  const first = fc.oneof(
    { weight: 3, arbitrary: fc.constant(GOOD_CONNECT) },
    { weight: 2, arbitrary: anyConnect(topics) },
  );
  return fc.tuple(first, fc.array(anyPacket(topics), { maxLength: 4 })).map(([connect, rest]) => {
    const packets = [connect, ...rest];
    return { packets, what: packets.map((each) => each.subarray(0, 80).toString('latin1')).join(' | ') };
  });
}
