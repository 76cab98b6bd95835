import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, accepted, curl, refused } from '../support/curl.ts';
import { RawHttp } from '../support/raw-http.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { base64, registerSensor, type TestSensor } from '../support/test-sensor.ts';

const LARGEST = 64 * 1024;

describe('REST: bodies', () => {
  const ripe = useSharedRipe();
  let sensor: TestSensor;

  before(async () => {
    sensor = await registerSensor(ripe);
    await sensor.addAgent('a', 'PercentAgent');
  });

  const post = (raw: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> =>
    sensor.sensor('POST', '/data', { raw, headers });

  it('are JSON with any parameters of the type, or with no type at all (§2)', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8; boundary=x',
      'Application/JSON',
      '',
    ]) {
      accepted(await post('{"moisture":50}', { 'Content-Type': type }));
    }
  });

  it('of another type are 415 (§2)', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'json',
      'a/b;application/json',
    ]) {
      refused(await post('{"moisture":50}', { 'Content-Type': type }), 415, 'Content-Type');
    }
    const form = await sensor.sensor('POST', '/data', {
      raw: 'x',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    });
    refused(form, 415);
    refused(await post('{"moisture":50}', { 'Content-Encoding': 'gzip' }), 415);
    accepted(await post('{"moisture":50}', { 'Content-Encoding': 'identity' }));
  });

  it('that are no JSON are 400 on every route that reads one (§2)', async () => {
    const routes: [string, string][] = [
      ['POST', '/api/sensor'],
      ['DELETE', '/api/sensor'],
      ['POST', `/api/sensor/${sensor.id}/data`],
      ['POST', `/api/agent/${sensor.id}`],
      ['DELETE', `/api/agent/${sensor.id}`],
      ['POST', `/api/agent/${sensor.id}/${base64('a')}`],
      ['POST', `/api/agent/${sensor.id}/${base64('a')}/config`],
    ];
    const broken = [
      '',
      '{',
      '{"name":',
      "{'name':'x'}",
      '{"a":1,}',
      '{"a":NaN}',
      '{}{}',
      '\ufeff',
      'undefined',
      '\0',
    ];
    for (const [method, path] of routes) {
      for (const raw of broken) {
        refused(await curl(ripe, method, path, { key: sensor.key, raw }), 400, 'body');
      }
      const garbage = Buffer.from(Array.from({ length: 256 }, (_, index) => 255 - index));
      refused(await curl(ripe, method, path, { key: sensor.key, raw: garbage }), 400, 'body');
      refused(
        await curl(ripe, method, path, { key: sensor.key, raw: Buffer.from('{"a":"\xff"}', 'latin1') }),
        400,
      );
      refused(await curl(ripe, method, path, { key: sensor.key, raw: '['.repeat(60_000) }), 400, 'body');
      const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
      refused(await curl(ripe, method, path, { key: sensor.key, raw: deep }), 400, 'body');
      // Unknown members are ignored, however deep: whether the rest suffices is the route's affair.
      await curl(ripe, method, path, { key: sensor.key, raw: `{"a":${deep}}` });
    }
  });

  it('harm nobody by their member names', async () => {
    const raw = '{"moisture":44,"__proto__":{"x":1},"constructor":{"prototype":{"y":2}},"toString":5,"":6}';
    accepted(await post(raw));
    const form = '{"__proto__":{"Switch":false},"01_active":{"Switch":true}}';
    accepted(await sensor.agent('POST', `/${base64('a')}/config`, { raw: form }));
    refused(
      await sensor.agent('POST', `/${base64('a')}/config`, {
        raw: '{"__proto__":{"01_active":{"Switch":true}}}',
      }),
      400,
    );
    assert.equal((await sensor.status()).data.moisture, 44);
  });

  it('may be up to 64 KiB, declared or chunked; larger ones are 413', async () => {
    const sized = (bytes: number) => `{"moisture":50,"x":"${'x'.repeat(bytes - 22)}"}`;
    assert.equal(sized(LARGEST).length, LARGEST);
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
      accepted(await post(sized(LARGEST), headers));
      refused(await post(sized(LARGEST + 1), headers), 413, 'body');
      refused(await post(sized(4 * LARGEST), headers), 413, 'body');
    }
    // Also where nobody reads a body.
    refused(await sensor.sensor('POST', '/reload', { raw: 'x'.repeat(LARGEST + 1) }), 413);
    accepted(
      await sensor.sensor('POST', '/reload', { raw: 'anything', headers: { 'Content-Type': 'text/plain' } }),
    );
  });

  it('may come in chunks', async () => {
    accepted(await post('{"moisture":51}', { 'Transfer-Encoding': 'chunked' }));
    const head = headOf('Transfer-Encoding: chunked');
    const chunks = ['{"mois', 'ture"', ':52', '}'].map(
      (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
    );
    const answer = await new RawHttp(ripe).send(`${head}${chunks.join('')}0\r\n\r\n`).answer();
    assert.equal(answer?.status, 200);
    assert.equal((await sensor.status()).data.moisture, 52);
  });

  it('may come slowly, while others are served', async () => {
    const body = '{"moisture":53.5}';
    const slow = new RawHttp(ripe).send(headOf(`Content-Length: ${body.length}`));
    for (const character of body) {
      slow.send(character);
      await pause(15);
    }
    assert.equal((await slow.answer())?.status, 200);
    const stuck = new RawHttp(ripe).send(`${headOf('Content-Length: 100')}{"moi`);
    accepted(await post('{"moisture":54}'));
    stuck.abort();
  });

  it('may be cut off without any harm', async () => {
    await post('{"moisture":55}');
    for (const part of ['', '{', '{"moisture":1}', 'x'.repeat(5000)]) {
      for (const how of ['Content-Length: 60000', 'Transfer-Encoding: chunked']) {
        const raw = new RawHttp(ripe).send(headOf(how) + part);
        await pause(20);
        raw.abort();
      }
    }
    const malformed = await new RawHttp(ripe)
      .send(`${headOf('Transfer-Encoding: chunked')}zz\r\n{}\r\n`)
      .answer();
    assert.ok(malformed === null || malformed.status === 400, `${malformed?.text}`);
    assert.equal((await sensor.status()).data.moisture, 55);
    await post('{"moisture":56}');
    assert.equal((await sensor.status()).data.moisture, 56);
  });

  function headOf(length: string): string {
    const lines = [
      `POST /api/sensor/${sensor.id}/data HTTP/1.1`,
      'Host: 127.0.0.1',
      `x-key: ${sensor.key}`,
      'Content-Type: application/json',
      length,
    ];
    return `${lines.join('\r\n')}\r\n\r\n`;
  }
});
