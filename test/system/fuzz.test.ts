import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MqttClient } from 'mqtt';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { anyCall, type Document, type HttpCase } from '../support/fuzz/http-cases.ts';
import { HttpSender } from '../support/fuzz/http-sender.ts';
import { anyMqttCase } from '../support/fuzz/mqtt-cases.ts';
import { sendMqtt } from '../support/fuzz/mqtt-sender.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { runs } from '../support/runs.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

const HTTP_CASES = runs(2_000);
const MQTT_CASES = runs(2_000);
const AT_ONCE = 20;
const CONNECTIONS_AT_ONCE = 50;
/** In its name, log and agent: nobody else may ever see it. */
const CANARY = 'canary-7f3a';
const DOMAINS = ['01_Water', '02_Fan', '03_Öl'];
const NO_LIMITS = {
  RIPE_HTTP_LIMITS:
    'requestsPerMinute=0,requestsPerMinuteOfSensor=0,registrationsPerMinute=0,wrongKeysPerMinute=0,connectionsPerAddress=0',
  RIPE_MQTT_LIMITS: 'connectsPerMinute=0,messagesPerSecond=0,connectionsPerAddress=0',
  RIPE_MOST_SENSORS: '100000',
};

describe('RIPE, whatever is sent to it', function () {
  this.timeout(600_000);
  // A garden that is asked to change its plugins says what it thinks of that.
  const ripe = useRipe({ env: () => NO_LIMITS });
  const mqtt = useMqttClients();
  let canary: TestSensor;
  const own = new Map<number, string>();

  before('register a sensor that nobody may touch, and some that are attacked with', async () => {
    canary = await registerSensor(ripe, CANARY);
    await canary.addAgent(CANARY, 'ThresholdAgent');
    for (let i = 0; i < 3; i++) await adopt();
  });

  async function adopt(): Promise<void> {
    const sensor = await registerSensor(ripe);
    for (const domain of DOMAINS) await sensor.addAgent(domain, 'ThresholdAgent');
    own.set(sensor.id, sensor.key);
  }

  /** The sensor is as it was, and its pump obeys. */
  async function isUnharmed(): Promise<void> {
    const [agent, ...others] = (await canary.status()).agents;
    assert.equal(agent?.domain, CANARY);
    assert.deepEqual(others, []);
    assert.deepEqual(
      (await canary.log()).filter((line) => !line.includes(CANARY)),
      [],
    );
    const device = await mqtt.connect(ripe.mqttPort);
    const vectors = await listen(device, canary.topic('cmd'));
    await canary.command(CANARY, 30);
    await eventually(() => assert.equal(vectors.at(-1), '01'));
    await canary.command(CANARY, 0);
    await eventually(() => assert.equal(vectors.at(-1), '00'));
  }

  async function listen(client: MqttClient, topic: string): Promise<string[]> {
    const heard: string[] = [];
    client.on('message', (_topic, payload) => heard.push(payload.toString('hex')));
    await client.subscribeAsync(topic, { qos: 1 });
    return heard;
  }

  it(`answers ${HTTP_CASES} calls made from its OpenAPI document with no 5xx and nobody else's data`, async () => {
    const document = accepted<Document>(await curl(ripe, 'GET', '/api/doc/api.json'));
    const sender = new HttpSender(ripe.port);
    const token = await ripe.adminToken();
    const call = async (asked: HttpCase) => {
      const id = Number(/^\/api\/(?:sensor|agent)\/(\d+)/.exec(asked.path)?.[1]);
      const outcome = await sender.send(asked, credentialsOf(asked, id, token));
      const what = `${asked.method} ${asked.path.slice(0, 200)} ${asked.body?.slice(0, 200)} -> ${outcome.text.slice(0, 300)}`;
      assert.ok(outcome.status < 500, `${outcome.status} ${what}`);
      assert.doesNotMatch(outcome.text, /\bat .*:\d+:\d+/, `a stack trace: ${what}`);
      if (asked.key !== 'token')
        assert.ok(!`${outcome.text}${outcome.head}`.includes(CANARY), `somebody else's data: ${what}`);
      follow(asked, id, outcome.status, outcome.text);
    };
    const calls = fc.array(
      anyCall(document, { ids: [...own.keys()], foreign: canary.id, domains: DOMAINS }),
      {
        minLength: AT_ONCE,
        maxLength: AT_ONCE,
        size: 'max',
      },
    );
    try {
      await fc.assert(
        fc.asyncProperty(calls, async (asked) => {
          await Promise.all(asked.map(call));
        }),
        { numRuns: HTTP_CASES / AT_ONCE, endOnFailure: true },
      );
    } finally {
      sender.close();
    }
    await isUnharmed();
  });

  function credentialsOf({ key, path }: HttpCase, id: number, token: string): Record<string, string> {
    switch (key) {
      case 'own':
        return { 'x-key': own.get(id) ?? 'WRONGWRONG12' };
      case 'wrong':
        return { 'x-key': 'WRONGWRONG12', authorization: 'Bearer x' };
      case 'token':
        // The administrator may well change the key of a sensor that is not the attacker's.
        return own.has(id) || !/\/(?:sensor|agent)\//i.test(path) ? { authorization: `Bearer ${token}` } : {};
      case 'none':
        return {};
    }
  }

  /** A key may have been changed by right, and is needed for the next call. */
  function follow({ method, path }: HttpCase, id: number, status: number, text: string): void {
    if (status !== 200 || method !== 'POST' || !/\/key\/?(?:\?|$)/i.test(path)) return;
    const { key } = JSON.parse(text) as { key: string };
    if (own.has(id)) own.set(id, key);
  }

  it(`takes ${MQTT_CASES} connections that send anything, under every topic, and tells none of them what is not theirs`, async () => {
    await adopt();
    const [id = 0, key = ''] = [...own].at(-1) ?? [];
    const device = await mqtt.connect(ripe.mqttPort, { clientId: 'canary' });
    const vectors = await listen(device, canary.topic('cmd'));
    let isLost = false;
    device.on('close', () => {
      isLost = true;
    });
    await device.publishAsync(canary.topic('log'), CANARY, { qos: 1 });
    const cases = fc.array(anyMqttCase({ id, key, foreign: canary.id }), {
      minLength: CONNECTIONS_AT_ONCE,
      maxLength: CONNECTIONS_AT_ONCE,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(cases, async (sent) => {
        const [, ...answers] = await Promise.all([
          device.publishAsync(canary.topic('data'), '{"moisture":50}', { qos: 0 }),
          ...sent.map((each) => sendMqtt(ripe.mqttPort, each)),
        ]);
        for (const [index, answer] of answers.entries()) {
          const leaked = answer?.includes(canary.key) === true || answer?.includes(CANARY) === true;
          assert.ok(!leaked, `somebody else's data: ${sent[index]?.what}`);
        }
        assert.equal(isLost, false, 'the device was thrown out');
      }),
      { numRuns: MQTT_CASES / CONNECTIONS_AT_ONCE, endOnFailure: true },
    );
    assert.deepEqual([...new Set(vectors)], ['00'], 'nobody but RIPE says what a pump is to do');
    await isUnharmed();
  });
});
