import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hasValidId, parseRequest } from '../../../../src/domain/rest/parse-request.ts';
import { MemoryKeys } from '../../../support/memory-keys.ts';
import { ADMIN, call, door, KEY, METRICS, refusalOf, withBody } from './calls.ts';

const UNAUTHORIZED = { code: 'RIPE_AUTH_SENSOR' };
const DELETE_BODY = { id: 7, key: KEY, broker: { items: [] } };

describe('parseRequest for routes of a sensor', () => {
  it('lets in who holds the key (protocol §2)', () => {
    const request = parseRequest(call('GET', '/api/sensor/7'), door());
    assert.deepEqual(request, {
      operation: 'status',
      sensor: 7,
      timeZone: 'UTC',
      locale: 'en',
      host: 'localhost',
      client: 'other',
    });
  });

  it('never passes the key on', () => {
    const request = parseRequest(
      call('DELETE', '/api/agent/7', withBody({ domain: 'd', agent_name: 'X' })),
      door(),
    );
    assert.doesNotMatch(JSON.stringify(request), new RegExp(KEY));
  });

  it('refuses a wrong key, a missing one and an unknown sensor alike (protocol §2)', () => {
    assert.deepEqual(refusalOf(call('GET', '/api/sensor/7', { key: 'SECRET' })), UNAUTHORIZED);
    assert.deepEqual(refusalOf(call('GET', '/api/sensor/7', { key: undefined })), UNAUTHORIZED);
    assert.deepEqual(refusalOf(call('GET', '/api/sensor/7', { key: '' })), UNAUTHORIZED);
    assert.deepEqual(refusalOf(call('GET', '/api/sensor/8')), UNAUTHORIZED);
  });

  it('takes what is no domain for an unknown one (protocol §2.2)', () => {
    const body = withBody({ payload: 1 });
    assert.equal(parseRequest(call('POST', '/api/agent/7/MV/Dlmw=', body), door()).domain, '1_Öl');
    assert.deepEqual(refusalOf(call('POST', '/api/agent/7/none', body)), UNAUTHORIZED);
  });

  it('gives the body, and looks at the key only after it', () => {
    const request = parseRequest(call('POST', '/api/sensor/7/data', withBody({ moisture: 3 })), door());
    assert.deepEqual(request.body, { moisture: 3 });
  });
});

describe('parseRequest for deleting a sensor', () => {
  it('looks at the key in the body (protocol §3 FIX)', () => {
    const asked = call('DELETE', '/api/sensor', withBody(DELETE_BODY, { key: undefined }));
    assert.equal(parseRequest(asked, door()).sensor, 7);
    const wrong = withBody({ ...DELETE_BODY, key: 'wrong' });
    assert.deepEqual(refusalOf(call('DELETE', '/api/sensor', wrong)), UNAUTHORIZED);
    assert.deepEqual(
      refusalOf(call('DELETE', '/api/sensor', withBody({ ...DELETE_BODY, id: 8 }))),
      UNAUTHORIZED,
    );
  });

  it('takes it with or without the brokers', () => {
    for (const broker of [undefined, null, { items: [] }, 'tcp://host:1883']) {
      assert.equal(
        refusalOf(call('DELETE', '/api/sensor', withBody({ ...DELETE_BODY, broker }))).code,
        'none',
      );
    }
  });
});

describe('parseRequest for what a stolen key must not do', () => {
  const changeKey = (parts: object) => call('POST', '/api/sensor/7/key', withBody({}, parts));
  const changed = () => {
    const keys = new MemoryKeys();
    keys.set(7, KEY);
    keys.change(7, 'new');
    return door({ keys });
  };

  it('takes the present key, and no former one', () => {
    assert.equal(parseRequest(changeKey({ key: 'new' }), changed()).sensor, 7);
    assert.deepEqual(refusalOf(changeKey({ key: KEY }), changed()), UNAUTHORIZED);
    const deletion = call('DELETE', '/api/sensor', withBody(DELETE_BODY));
    assert.deepEqual(refusalOf(deletion, changed()), UNAUTHORIZED);
    assert.equal(refusalOf(call('GET', '/api/sensor/7'), changed()).code, 'none');
  });

  it('takes the token of the administrator in place of a key', () => {
    const byAdministrator = { key: undefined, bearer: ADMIN };
    assert.equal(parseRequest(changeKey(byAdministrator), changed()).sensor, 7);
    assert.deepEqual(refusalOf(changeKey({ key: undefined, bearer: 'guess' }), changed()), UNAUTHORIZED);
  });

  it('bounds the grace period', () => {
    for (const grace of [-1, 0.5, 2_592_001, '60']) {
      const asked = call('POST', '/api/sensor/7/key', withBody({ grace_seconds: grace }));
      assert.deepEqual(refusalOf(asked), { code: 'RIPE_FIELD_INVALID', field: 'grace_seconds' });
    }
  });
});

describe('parseRequest for registering a sensor', () => {
  const register = (bearer?: string) => call('POST', '/api/sensor', withBody({}, { bearer, key: undefined }));

  it('lets anybody in while registration is open', () => {
    assert.equal(parseRequest(register(), door()).operation, 'registerSensor');
  });

  it('asks for the token of the administrator where it is set so', () => {
    const closed = door({ registration: 'token' });
    assert.deepEqual(refusalOf(register(), closed), { code: 'RIPE_AUTH_ADMIN' });
    assert.deepEqual(refusalOf(register('other'), closed), { code: 'RIPE_AUTH_ADMIN' });
    assert.deepEqual(refusalOf(register(ADMIN), closed), { code: 'none' });
  });

  it('lets nobody in while it is closed', () => {
    const closed = door({ registration: 'closed' });
    assert.deepEqual(refusalOf(register(ADMIN), closed), { code: 'RIPE_REGISTRATION_CLOSED' });
  });
});

describe('parseRequest for everybody else', () => {
  it('shows figures to who has their token, which opens nothing else, and to the administrator', () => {
    const metrics = (bearer?: string) => refusalOf(call('GET', '/metrics', { key: undefined, bearer }));
    assert.deepEqual([metrics(METRICS), metrics(ADMIN)], [{ code: 'none' }, { code: 'none' }]);
    assert.deepEqual([metrics('other'), metrics()], Array(2).fill({ code: 'RIPE_AUTH_ADMIN' }));
    const others = call('GET', '/api/sensor', { key: undefined, bearer: METRICS });
    assert.deepEqual(refusalOf(others), { code: 'RIPE_AUTH_ADMIN' });
  });

  it('lists sensors for the administrator only', () => {
    assert.deepEqual(refusalOf(call('GET', '/api/sensor')), { code: 'RIPE_AUTH_ADMIN' });
    assert.deepEqual(refusalOf(call('GET', '/api/sensor', { bearer: ADMIN })), { code: 'none' });
  });

  it('tells anybody of health and agent types', () => {
    for (const path of ['/api/health', '/api/agent']) {
      assert.deepEqual(refusalOf(call('GET', path, { key: undefined })), { code: 'none' });
    }
  });
});

describe('the headers of a request', () => {
  const parsed = (headers: Record<string, string>) =>
    parseRequest(call('GET', '/api/sensor/7', { headers }), door());

  it('name zone and language (protocol §2)', () => {
    const { timeZone, locale } = parsed({ 'x-tz': 'Europe/Berlin', 'accept-language': 'de-DE,en;q=0.5' });
    assert.deepEqual([timeZone, locale], ['Europe/Berlin', 'de']);
    assert.equal(parsed({ 'x-tz': 'Nowhere/Land' }).timeZone, 'UTC');
  });

  for (const [host, name] of [
    ['garden.local:1880', 'garden.local'],
    ['garden.local', 'garden.local'],
    ['[fe80::1]:1880', '[fe80::1]'],
    ['', 'localhost'],
    [':1880', 'localhost'],
  ] as const) {
    it(`name ${name} as host for ${JSON.stringify(host)}`, () => assert.equal(parsed({ host }).host, name));
  }

  it('tell the old firmware (protocol §10.3)', () => {
    assert.equal(parsed({ 'user-agent': 'ESP8266HTTPClient' }).client, 'esp8266');
    assert.equal(parsed({ 'user-agent': 'curl/8' }).client, 'other');
  });
});

describe('hasValidId', () => {
  const isValid = (id: string) => hasValidId(call('GET', `/api/sensor/${id}`).match);

  for (const id of ['1', '0', '+5', '-1', '007', '2147483647', '-2147483648']) {
    it(`takes ${id} for a 32-bit integer (protocol §2)`, () => assert.equal(isValid(id), true));
  }
  for (const id of ['2147483648', '-2147483649', '1.0', '1e3', 'x', '%31', '0x1', ' 1', '9'.repeat(400)]) {
    it(`takes ${id.slice(0, 12)} for none (protocol §2)`, () => assert.equal(isValid(id), false));
  }

  it('asks for none where the route has none', () => {
    assert.equal(hasValidId(call('GET', '/api/health').match), true);
  });
});
