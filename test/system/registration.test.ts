import assert from 'node:assert/strict';
import { accepted, curl, refused } from '../support/curl.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor } from '../support/test-sensor.ts';
import type { Credentials } from '../support/wire-types.ts';

interface Listed {
  readonly id: number;
  readonly name: string;
  readonly agents: readonly { domain: string; agent_name: string }[];
}

describe('who may register and list sensors', () => {
  const ripe = useRipe({ startsBefore: false });
  const register = (headers: Record<string, string> = {}) =>
    curl(ripe, 'POST', '/api/sensor', { body: { name: 'Thyme' }, headers });

  it('RIPE_REGISTRATION=open lets anybody register', async () => {
    await ripe.start();
    await registerSensor(ripe, 'Basil');
    await ripe.stop();
  });

  it('RIPE_REGISTRATION=closed lets nobody register, and serves the sensors that are there', async () => {
    await ripe.start({ RIPE_REGISTRATION: 'closed' });
    refused(await register(), 403);
    refused(await register({ Authorization: `Bearer ${await ripe.adminToken()}` }), 403);
    assert.equal(accepted<{ sensor_count: number }>(await curl(ripe, 'GET', '/api/health')).sensor_count, 1);
    await ripe.stop();
  });

  it('RIPE_REGISTRATION=token asks for the administrator token, also one of RIPE_ADMIN_TOKEN', async () => {
    const token = 'a-token-of-my-own-0123456789';
    await ripe.start({ RIPE_REGISTRATION: 'token', RIPE_ADMIN_TOKEN: token });
    for (const given of [
      '',
      `Bearer ${token}x`,
      `Basic ${token}`,
      token,
      'Bearer',
      'Bearer ü',
      `Bearer ${await ripe.adminToken()}`,
    ]) {
      refused(await register(given === '' ? {} : { Authorization: given }), 401, 'administrator token');
    }
    for (const scheme of ['Bearer', 'bearer']) {
      const { key } = accepted<Credentials>(await register({ Authorization: `${scheme} ${token}` }));
      ripe.keepSecret(key);
    }
    ripe.keepSecret(token);
  });

  it('the list of sensors needs the token, and shows no keys', async () => {
    refused(await curl(ripe, 'GET', '/api/sensor'), 401, 'administrator token');
    refused(await curl(ripe, 'GET', '/api/sensor', { headers: { Authorization: 'Bearer nonsense' } }), 401);
    const headers = { Authorization: 'Bearer a-token-of-my-own-0123456789' };
    const answer = await curl(ripe, 'GET', '/api/sensor', { headers });
    const sensors = accepted<Listed[]>(answer);
    assert.deepEqual(
      sensors.map(({ id, name }) => [id, name]),
      [
        [1, 'Basil'],
        [2, 'Thyme'],
        [3, 'Thyme'],
      ],
    );
    for (const sensor of sensors) assert.ok(!('key' in sensor));
  });
});
