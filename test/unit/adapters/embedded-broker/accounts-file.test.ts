import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAccounts, readAccounts } from '../../../../src/adapters/embedded-broker/accounts-file.ts';
import { collect, quietly, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

const LIST = JSON.stringify([
  { username: 'grafana', password: 'a-long-one', subscribe: ['sensor/data/#'] },
  {
    username: 'lamp',
    password: 'another-one',
    subscribe: ['home/#'],
    publish: ['home/+/state', 'sensor/#', 'ripe/#'],
  },
]);

describe('Named accounts', () => {
  const site = useEmbeddedBroker({ accounts: parseAccounts(LIST) });
  const lamp = { username: 'lamp', password: 'another-one' };

  it('may use what their rules cover, and nothing else', async () => {
    const grafana = await site.client({ username: 'grafana', password: 'a-long-one' });
    const heard = collect(grafana);
    assert.equal((await grafana.subscribeAsync('sensor/data/+/+', { qos: 1 }))[0]?.qos, 1);
    for (const topic of ['#', 'sensor/#', 'sensor/cmd/+/+', '$SYS/#', 'ripe/master']) {
      await assert.rejects(grafana.subscribeAsync(topic), topic);
    }
    await (await site.client()).publishAsync('sensor/data/1/KEY1', 'x', { qos: 1 });
    await until(() => heard.length === 1);
  });

  it('never say what only RIPE says, and retain nothing, whatever their rules are', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('#', { qos: 1 });
    const heard = collect(ripe);
    const client = await site.client(lamp);
    for (const topic of [
      'sensor/cmd/1/KEY1',
      'sensor/envelope/1/KEY1',
      'ripe/master',
      'ripe/epoch',
      'home/lamp/state',
    ]) {
      await client.publishAsync(topic, 'x', { qos: 1, retain: true });
    }
    await quietly();
    assert.deepEqual(
      heard.map(({ topic, retain }) => [topic, retain]),
      [['home/lamp/state', false]],
    );
  });

  it('are let in with their password only', async () => {
    await assert.rejects(site.client({ ...lamp, password: 'wrong-one' }));
    await assert.rejects(site.client({ username: 'lamp' }));
  });
});

describe('The file of named accounts', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ripe-accounts-'));
  const file = path.join(folder, 'mqtt-accounts.json');
  after(() => rmSync(folder, { recursive: true }));

  it('is read, where there is one; that others may read it is said', () => {
    const warned: string[] = [];
    assert.deepEqual(
      readAccounts(path.join(folder, 'none.json'), (line) => warned.push(line)),
      [],
    );
    writeFileSync(file, LIST, { mode: 0o600 });
    assert.equal(readAccounts(file, (line) => warned.push(line)).length, 2);
    assert.equal(warned.length, 0);
    chmodSync(file, 0o644);
    readAccounts(file, (line) => warned.push(line));
    assert.match(String(warned[0]), /can be read by other users/);
  });

  const entry = (parts: object) => JSON.stringify([{ username: 'u', password: 'SECRET-SECRET', ...parts }]);
  const wrong: [what: string, text: string, says: RegExp][] = [
    ['is no JSON', '[{"password": SECRET-SECRET', /^RipeError: mqttAccounts: is not valid JSON$/],
    ['has a short password', entry({ password: 'short' }), /0\.password/],
    ['has an unknown member', entry({ topics: [] }), /0\.topics: is not known/],
    ['has a rule that is no filter', entry({ subscribe: ['a/#/b'] }), /mqttAccounts\.u\.subscribe/],
    [
      'names a user twice',
      JSON.stringify([JSON.parse(entry({}))[0], JSON.parse(entry({}))[0]]),
      /every user once/,
    ],
  ];
  for (const [what, text, says] of wrong) {
    it(`is refused if it ${what}, without its passwords`, () => {
      assert.throws(
        () => parseAccounts(text),
        (error: Error) => {
          assert.match(String(error), says);
          assert.doesNotMatch(String(error), /SECRET/);
          return true;
        },
      );
    });
  }
});
