import assert from 'node:assert/strict';
import { accepted, curl, refused } from '../support/curl.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { registerSensor, TestSensor } from '../support/test-sensor.ts';
import type { Credentials, Status } from '../support/wire-types.ts';

interface Health {
  readonly healthy: boolean;
  readonly database_state: string;
  readonly sensor_count: number;
  readonly active_agents: readonly string[];
}

interface Listed {
  readonly id: number;
  readonly name: string;
}

describe('REST: the garden and its sensors', () => {
  const ripe = useSharedRipe();

  async function listed(): Promise<readonly Listed[]> {
    const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
    return accepted<Listed[]>(await curl(ripe, 'GET', '/api/sensor', { headers }));
  }

  it('tells its health to any method without a header (§3 DEPENDS)', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const health = accepted<Health>(await curl(ripe, method, '/api/health'));
      assert.deepEqual(Object.keys(health), ['healthy', 'database_state', 'sensor_count', 'active_agents']);
      assert.equal(health.healthy, true);
      assert.equal(health.database_state, 'HEALTHY');
    }
    const head = await fetch(`${ripe.url}/api/health`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
  });

  it('counts its sensors in the health', async () => {
    const before = accepted<Health>(await curl(ripe, 'GET', '/api/health')).sensor_count;
    await registerSensor(ripe);
    assert.equal(accepted<Health>(await curl(ripe, 'GET', '/api/health')).sensor_count, before + 1);
  });

  it('lists the agent types (§3)', async () => {
    const names = accepted<string[]>(await curl(ripe, 'GET', '/api/agent'));
    assert.deepEqual([...names].sort(), ['PercentAgent', 'TestAgent', 'ThresholdAgent', 'TimeAgent']);
  });

  it('describes itself, for people and for programs (§3)', async () => {
    const page = await fetch(`${ripe.url}/api/doc`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<openapi-explorer/);
    assert.equal((await fetch(`${ripe.url}/api/doc/viewer.js`)).status, 200);
    const document = (await (await fetch(`${ripe.url}/api/doc/api.json`)).json()) as { openapi: string };
    assert.equal(document.openapi, '3.1.0');
  });

  it('registers a sensor with exactly the members of Credentials (§4.1 DEPENDS)', async () => {
    const answer = await curl(ripe, 'POST', '/api/sensor', { body: { name: 'Basilikum ü' } });
    const { id, key, broker, ...more } = accepted<Credentials>(answer);
    ripe.keepSecret(key);
    assert.deepEqual(more, {});
    assert.ok(Number.isInteger(id) && id >= 1 && id <= 9_999_999);
    // Whoever may use them in a topic: neither / + # nor anything else (§1).
    assert.match(key, /^[A-Za-z0-9]{6,}$/);
    for (const item of broker.items) {
      assert.deepEqual(Object.keys(item), ['scheme', 'host', 'port', 'credentials']);
      assert.deepEqual(Object.keys(item.credentials ?? {}), ['username', 'password']);
    }
    assert.match(answer.text, /"port":\d+[,}]/);
  });

  it('names a sensor itself where the name is null or missing (§3)', async () => {
    for (const body of [{ name: null }, {}, { name: 'n'.repeat(255) }, { name: 'x', further: [1] }]) {
      const { id, key } = accepted<Credentials>(await curl(ripe, 'POST', '/api/sensor', { body }));
      ripe.keepSecret(key);
      const name = (await listed()).find((one) => one.id === id)?.name;
      assert.equal(name, 'name' in body && body.name !== null ? body.name : `Sensor ${id}`);
    }
  });

  it('refuses a name that is too long, empty or no text, and registers nothing', async () => {
    const before = (await listed()).length;
    for (const name of ['n'.repeat(256), '', 5, true, ['Basil'], {}, 'a\u0000b', 'a\nb']) {
      refused(await curl(ripe, 'POST', '/api/sensor', { body: { name } }), 400, 'name');
    }
    refused(await curl(ripe, 'POST', '/api/sensor', { raw: '{"name":"\\ud800"}' }), 400, 'name');
    for (const body of [[], null, 'Basil', 7]) {
      refused(await curl(ripe, 'POST', '/api/sensor', { body }), 400, 'body');
    }
    assert.equal((await listed()).length, before);
  });

  it('gives out ids that go on (§1 DEPENDS)', async () => {
    const first = await registerSensor(ripe);
    const second = await registerSensor(ripe);
    assert.equal(second.id, first.id + 1);
    assert.notEqual(second.key, first.key);
  });

  it('names its broker by the host by which it was asked', async () => {
    const sensor = await registerSensor(ripe);
    const { broker } = await sensor.status({ Host: 'garden.example:1880' });
    assert.equal(broker.items[0]?.host, 'garden.example');
  });

  it('answers an ESP8266 with its broker as a text (§10.3)', async () => {
    const sensor = await registerSensor(ripe);
    const headers = { 'User-Agent': 'ESP8266HTTPClient' };
    const status = accepted<{ broker: unknown }>(await sensor.sensor('GET', '', { headers }));
    assert.equal(status.broker, `tcp://127.0.0.1:${ripe.mqttPort}`);
  });

  it('reloads nothing, and says null (§3)', async () => {
    const sensor = await registerSensor(ripe);
    assert.equal(accepted(await sensor.sensor('POST', '/reload')), null);
    refused(await sensor.sensor('POST', '/reload', { key: 'wrong1' }), 400);
    assert.equal((await curl(ripe, 'POST', `/api/sensor/${sensor.id}/reload`)).status, 400);
  });

  it('needs the key on every route of a sensor, in any spelling of the header (§2)', async () => {
    const sensor = await registerSensor(ripe);
    const stranger = await registerSensor(ripe);
    const routes: [string, string, object?][] = [
      ['GET', `/api/sensor/${sensor.id}`],
      ['GET', `/api/sensor/${sensor.id}/log`],
      ['GET', `/api/sensor/${sensor.id}/data?from=2024-01-01T00:00:00Z&until=2024-01-01T01:00:00Z`],
      ['GET', `/api/sensor/${sensor.id}/data/first`],
      ['POST', `/api/sensor/${sensor.id}/data`, { moisture: 50 }],
      ['POST', `/api/sensor/${sensor.id}/reload`],
      ['POST', `/api/agent/${sensor.id}`, { domain: 'a', agent_name: 'TimeAgent' }],
      ['DELETE', `/api/agent/${sensor.id}`, { domain: 'a', agent_name: 'TimeAgent' }],
      ['GET', `/api/agent/${sensor.id}?from=2024-01-01T00:00:00Z&until=2024-01-01T01:00:00Z`],
      ['POST', `/api/agent/${sensor.id}/YQ==`, { payload: 1 }],
      ['GET', `/api/agent/${sensor.id}/YQ==/config`],
      ['POST', `/api/agent/${sensor.id}/YQ==/config`, {}],
    ];
    for (const [method, path, body] of routes) {
      const call = body === undefined ? {} : { body };
      refused(await curl(ripe, method, path, call), 400);
      refused(await curl(ripe, method, path, { ...call, headers: { 'X-KEY': ';' } }), 400);
      refused(await curl(ripe, method, path, { ...call, key: stranger.key }), 400);
      refused(await curl(ripe, method, path, { ...call, key: `${sensor.key.toLowerCase()}x` }), 400);
      refused(await curl(ripe, method, path, { ...call, key: 'schlüssel' }), 400);
    }
    assert.deepEqual((await sensor.status()).agents, []);
    for (const name of ['X-KEY', 'x-key', 'X-Key']) {
      const answer = await curl(ripe, 'GET', `/api/sensor/${sensor.id}`, { headers: { [name]: sensor.key } });
      accepted<Status>(answer);
    }
  });

  it('does not know sensors that were never registered', async () => {
    for (const id of [0, -1, 9_999_999, 2_147_483_647, -2_147_483_648]) {
      refused(await new TestSensor(ripe, { id, key: 'abcdef' }).sensor('GET'), 400);
    }
  });
});
