import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { accepted, curl } from '../support/curl.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { packet, RawMqtt, text } from '../support/raw-mqtt.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor } from '../support/test-sensor.ts';

const LEVEL_3_1_1 = 4;
const CLEAN = 0x02;
const WILL = 0x04;

const connect = (flags: number, ...payload: Buffer[]) =>
  packet(0x10, text('MQTT'), Buffer.from([LEVEL_3_1_1, flags, 0, 60]), text('bad'), ...payload);
const subscribe = (filter: Buffer, qos = 0) => packet(0x82, Buffer.from([0, 1]), filter, Buffer.from([qos]));
const publication = (topic: Buffer, firstByte = 0x30) =>
  packet(firstByte, topic, Buffer.from('{"moisture":5}'));

const DEEP = 'a/'.repeat(1_500);
const HALF_A_CHARACTER = Buffer.from([0, 1, 0xff]);

/** What each sends after its CONNECT; the first list sends no CONNECT at all. */
const WITHOUT_CONNECT: Buffer[] = [
  randomBytes(500),
  Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  Buffer.from([0xc0, 0x00]),
  Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0xff]),
  Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]),
  packet(0x10),
  packet(0x10, text('MQTT')),
  packet(0x10, text('MQTT'), Buffer.from([9, CLEAN, 0, 60]), text('bad')),
  packet(0x10, text('MQTT'), Buffer.from([LEVEL_3_1_1, 0xff, 0, 60]), text('bad')),
  packet(0x10, text('MQTT'), Buffer.from([LEVEL_3_1_1, CLEAN, 0, 60]), text('i'.repeat(5_000))),
  packet(0x10, text('MQTT'), Buffer.from([LEVEL_3_1_1, 0, 0, 60]), text('')),
  packet(0x10, text('MQTT'), Buffer.from([LEVEL_3_1_1, CLEAN, 0, 60]), HALF_A_CHARACTER),
  connect(CLEAN | WILL, text(DEEP), text('x')),
  connect(CLEAN | WILL, text('ripe/master'), text('master')),
  connect(CLEAN | WILL, text('sensor/#'), text('x')),
  connect(CLEAN | WILL, text('')),
  publication(text('sensor/data/1/x')),
];
const AFTER_CONNECT: Buffer[] = [
  connect(CLEAN),
  randomBytes(500),
  publication(text('')),
  publication(text('#')),
  publication(text('sensor/+/1/x')),
  publication(text('a\0b')),
  publication(text(DEEP)),
  publication(HALF_A_CHARACTER),
  publication(text('sensor/data/1/x'), 0x36),
  publication(text('sensor/data/1/x'), 0x32),
  packet(0x62, Buffer.from([0, 9])),
  packet(0x40, Buffer.from([0, 9])),
  packet(0x82, Buffer.from([0, 1])),
  subscribe(text('')),
  subscribe(text(DEEP)),
  subscribe(text(`${DEEP}#`)),
  subscribe(text('#/x')),
  subscribe(text('sensor/data+/1/x')),
  subscribe(text('$share/g/sensor/data/1/x')),
  subscribe(text('$share')),
  subscribe(HALF_A_CHARACTER),
  subscribe(text('ripe/master'), 3),
  packet(0xa2, Buffer.from([0, 1]), text(DEEP)),
  Buffer.from([0xf0, 0x00]),
  Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]),
];

describe('packets that no client should send, at the embedded broker', () => {
  const ripe = useRipe();
  const subscribeTo = useSubscribers();

  for (const way of ['TCP', 'WebSocket']) {
    it(`harm nobody else, over ${way}`, async () => {
      const sensor = await registerSensor(ripe);
      await sensor.addAgent('01_Pump', 'ThresholdAgent');
      const commands = await subscribeTo(sensor.broker, sensor.topic('cmd'));
      await commands.expect('00');
      const master = await subscribeTo(sensor.broker, 'ripe/master');
      const series = [
        ...WITHOUT_CONNECT.map((bytes) => [bytes]),
        ...AFTER_CONNECT.map((bytes) => [connect(CLEAN), bytes]),
      ];
      for (const packets of series) {
        const client = await (way === 'TCP'
          ? RawMqtt.overTcp(ripe.mqttPort)
          : RawMqtt.overWebSocket(`ws://127.0.0.1:${ripe.port}/mqtt`, 'mqtt'));
        for (const bytes of packets) client.send(bytes);
        await pause(10);
        client.close();
      }
      accepted(await curl(ripe, 'GET', '/api/health'));
      await publish(sensor.broker, sensor.topic('data'), { moisture: 5 }, 2);
      await commands.expect('01');
      await sensor.command('01_Pump', 0);
      await commands.expect('00');
      await master.silence(0);
      const refusals = ripe.lines.filter(
        (line) => /\[(warn|error)\]/.test(line) && line.includes('ripe-embedded-broker'),
      );
      assert.ok(refusals.length <= 1, refusals.join('\n'));
    });
  }
});
