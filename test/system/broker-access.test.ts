import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MqttClient } from 'mqtt';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { MosquittoProcess } from '../support/mosquitto.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { REPO } from '../support/ripe-process.ts';
import type { Credentials } from '../support/wire-types.ts';

const RIPE = { username: 'ripe', password: 'secret-of-ripe' };
const FOLDER = path.join(REPO, 'docs', 'brokers');
/** What the test says itself: the port, and where its files are. */
const OWN_LINES = /^(?:#|listener|allow_anonymous|password_file|acl_file|$)/;

function settings(): string[] {
  const lines = readFileSync(path.join(FOLDER, 'mosquitto.conf'), 'utf8').split('\n');
  return [...lines.filter((line) => !OWN_LINES.test(line)), `acl_file ${path.join(FOLDER, 'mosquitto.acl')}`];
}

describe('A mosquitto with the access list of the docs', () => {
  const mosquitto = new MosquittoProcess(RIPE, settings());
  before('start mosquitto', () => mosquitto.start());
  const ripe = useRipe({
    env: () => {
      const { port } = mosquitto;
      return {
        RIPE_BROKERS: `mqtt://ripe:${RIPE.password}@127.0.0.1:${port}|tcp://{id}:{key}@127.0.0.1:${port}`,
      };
    },
  });
  after('stop mosquitto', () => mosquitto.dispose());
  const mqtt = useMqttClients();

  /** A sensor with an account, as REST tells its login. */
  async function register(): Promise<Credentials & { login: { username: string; password: string } }> {
    return eventually(async () => {
      const credentials = accepted<Credentials>(await curl(ripe, 'POST', '/api/sensor', { body: {} }));
      ripe.keepSecret(credentials.key);
      const login = credentials.broker.items[0]?.credentials;
      assert.ok(login, 'a broker is in service');
      mosquitto.addAccount(login);
      return { ...credentials, login };
    });
  }

  async function grants(client: MqttClient, topics: string[]): Promise<number[]> {
    const map = Object.fromEntries(topics.map((topic) => [topic, { qos: 1 as const }]));
    return new Promise((resolve) => {
      client.subscribe(map, (_error, _grants, suback) => resolve((suback?.granted ?? []).map(Number)));
    });
  }

  it('lets a sensor with the login that REST tells be watered, and nobody else listen or command', async () => {
    const [own, other] = [await register(), await register()];
    assert.deepEqual(own.login, { username: String(own.id), password: own.key });
    const call = { key: own.key, body: { domain: 'fan', agent_name: 'PercentAgent' } };
    accepted(await curl(ripe, 'POST', `/api/agent/${own.id}`, call));
    const device = await eventually(() => mqtt.connect(mosquitto.port, own.login));
    const thief = await eventually(() => mqtt.connect(mosquitto.port, other.login));
    const vectors: string[] = [];
    device.on('message', (_topic, payload) => vectors.push(payload.toString('hex')));
    assert.deepEqual(await grants(device, [`sensor/cmd/${own.id}/${own.key}`, 'ripe/master']), [1, 1]);
    const seen: string[] = [];
    thief.on('message', (topic) => seen.push(topic));
    await grants(thief, ['#', 'sensor/+/+/+', `sensor/cmd/${own.id}/+`, `sensor/data/${own.id}/${own.key}`]);
    await eventually(() => assert.deepEqual(vectors, ['32']));
    // Whoever knows the key, and has another account, can command nothing at the broker.
    await thief.publishAsync(`sensor/cmd/${own.id}/${own.key}`, Buffer.from([99]), { qos: 1, retain: true });
    await device.publishAsync(`sensor/cmd/${own.id}/${own.key}`, Buffer.from([98]), { qos: 1 });
    await device.publishAsync(`sensor/data/${own.id}/${own.key}`, '{"moisture":41}', { qos: 1 });
    const path_ = `/api/sensor/${own.id}`;
    await eventually(async () => {
      const { data } = accepted<{ data: { moisture: number | null } }>(
        await curl(ripe, 'GET', path_, { key: own.key }),
      );
      assert.equal(data.moisture, 41);
    });
    assert.deepEqual(vectors, ['32']);
    assert.deepEqual(seen, []);
  });

  it('takes nobody without an account', async () => {
    await assert.rejects(mqtt.connect(mosquitto.port, { username: 'any', password: 'thing' }));
  });
});
