import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Admission } from '../../../../src/adapters/wall/admission.ts';
import { HTTP_LIMITS } from '../../../../src/domain/broker/client-limits.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { type HttpCall, parseRequest } from '../../../../src/domain/rest/parse-request.ts';
import { until } from '../../../support/until.ts';
import { ADMIN, call, door, KEY, withBody } from '../../domain/rest/calls.ts';

const FEW = {
  ...HTTP_LIMITS,
  wrongKeysPerMinute: 3,
  registrationsPerMinute: 2,
  requestsPerMinuteOfSensor: 60,
};

function gate(parts: { sensors?: number; registration?: 'open' | 'token' } = {}) {
  const admission = new Admission({ limits: FEW, mostSensors: 5 });
  const at = door({ registration: parts.registration ?? 'open' });
  const check = (sensor: number, key: string) => at.keys.check(sensor, key);
  const guarded = { ...at, keys: { check, isCurrent: check, size: parts.sensors ?? 0 } };
  return async (asked: HttpCall, address = 'caller'): Promise<string> => {
    try {
      return (await admission.admit(asked, address, guarded, () => parseRequest(asked, guarded))).operation;
    } catch (error) {
      assert.ok(error instanceof RipeError);
      return error.code;
    }
  };
}

const status = (key: string | undefined = KEY, id = '7') => call('GET', `/api/sensor/${id}`, { key });
const register = (bearer?: string) => call('POST', '/api/sensor', withBody({}, { bearer, key: undefined }));

describe('Admission to the REST interface', () => {
  it('answers wrong keys with 400, then nobody of that address at that sensor, and says when again', async () => {
    const ask = gate();
    for (let i = 0; i < 3; i++) assert.equal(await ask(status('wrong')), 'RIPE_AUTH_SENSOR');
    assert.equal(await ask(status()), 'RIPE_RATE_LIMITED');
    assert.equal(await ask(status(), 'owner'), 'status');
  });

  it('takes +7 and 07 for the same sensor', async () => {
    const ask = gate();
    for (const id of ['7', '+7', '07']) await ask(status('wrong', id));
    assert.equal(await ask(status()), 'RIPE_RATE_LIMITED');
  });

  it('does the same for sensors that there are not: nobody learns which there are', async () => {
    const ask = gate();
    for (let i = 0; i < 3; i++) assert.equal(await ask(status('wrong', '8')), 'RIPE_AUTH_SENSOR');
    assert.equal(await ask(status('wrong', '8')), 'RIPE_RATE_LIMITED');
  });

  it('counts no wrong domain, body or query of who has the key', async () => {
    const ask = gate();
    for (let i = 0; i < 5; i++) {
      const bad = call('POST', '/api/agent/7/none', withBody({ payload: 1 }));
      assert.equal(await ask(bad), 'RIPE_AUTH_SENSOR');
      assert.equal(await ask(call('GET', '/api/sensor/7/data?from=x&until=y')), 'RIPE_FIELD_INVALID');
    }
    assert.equal(await ask(status()), 'status');
  });

  it('counts guesses at the administrator token, wherever it may be given', async () => {
    const ask = gate();
    for (let i = 0; i < 3; i++)
      assert.equal(await ask(call('GET', '/api/sensor', { bearer: 'guess' })), 'RIPE_AUTH_ADMIN');
    assert.equal(await ask(call('GET', '/api/sensor', { bearer: ADMIN })), 'RIPE_RATE_LIMITED');
    assert.equal(await ask(register(ADMIN)), 'RIPE_RATE_LIMITED');
  });

  it('counts guesses at keys in bodies', async () => {
    const ask = gate();
    const deletion = (key: string) => call('DELETE', '/api/sensor', withBody({ id: 7, key }));
    for (let i = 0; i < 3; i++) await ask(deletion('wrong'));
    assert.equal(await ask(deletion(KEY)), 'RIPE_RATE_LIMITED');
  });

  it('serves so many calls of one sensor at once, lets some wait, and refuses the rest, wherever they come from', async () => {
    const ask = gate();
    const answers: string[] = [];
    for (let i = 0; i < 60; i++) void ask(status(), `caller ${i}`).then((answer) => answers.push(answer));
    await until(() => answers.includes('RIPE_RATE_LIMITED'));
    await until(() => answers.length >= 45);
    const served = answers.filter((answer) => answer === 'status').length;
    assert.ok(served >= 20 && served <= 22, `${served} were served`);
    assert.equal(answers.length - served, answers.filter((answer) => answer === 'RIPE_RATE_LIMITED').length);
  });

  it('takes few registrations of one address, but of the administrator', async () => {
    const ask = gate();
    assert.deepEqual([await ask(register()), await ask(register())], ['registerSensor', 'registerSensor']);
    assert.equal(await ask(register()), 'RIPE_RATE_LIMITED');
    assert.equal(await ask(register(), 'another'), 'registerSensor');
    assert.equal(await ask(register(ADMIN)), 'registerSensor');
  });

  it('takes so many sensors from whoever comes, and more from the administrator', async () => {
    const ask = gate({ sensors: 5 });
    assert.equal(await ask(register()), 'RIPE_SENSOR_LIMIT');
    assert.equal(await ask(register(ADMIN)), 'registerSensor');
    assert.equal(await gate({ sensors: 5, registration: 'token' })(register(ADMIN)), 'registerSensor');
  });
});
