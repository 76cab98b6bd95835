import assert from 'node:assert/strict';
import type { Account } from '../../../../src/adapters/embedded-broker/account.ts';
import { collect, quietly, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

const HOME: Account = {
  username: 'home',
  password: 'sweet',
  mayReceive: (topic) => topic.startsWith('ripe/ha/'),
  mayPublish: (topic) => topic === 'ripe/ha/1/a/set',
};
const { username, password } = HOME;

describe('embedded broker, accounts', () => {
  const site = useEmbeddedBroker({ accounts: [HOME] });

  it('lets an account use what is its own, and nothing of a sensor', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('#', { qos: 1 });
    const received = collect(ripe);
    const home = await site.client({ username, password });
    const heard = collect(home);
    assert.equal((await home.subscribeAsync('ripe/ha/#', { qos: 1 }))[0]?.qos, 1);
    await assert.rejects(home.subscribeAsync('sensor/cmd/1/KEY1'));
    for (const topic of ['ripe/ha/1/a/set', 'ripe/ha/1/a/state', 'sensor/data/1/KEY1', 'other']) {
      await home.publishAsync(topic, 'x', { qos: 1, retain: true });
    }
    await ripe.publishAsync('ripe/ha/1/a/state', 'ON', { qos: 1 });
    await until(() => heard.some(({ text }) => text === 'ON'));
    await quietly();
    const topics = received.filter(({ text }) => text !== 'ON').map(({ topic, retain }) => [topic, retain]);
    assert.deepEqual(
      topics.filter(([topic]) => topic !== '$ripe/dropped'),
      [['ripe/ha/1/a/set', false]],
    );
  });

  it('refuses another password, and the id of RIPE', async () => {
    await assert.rejects(site.client({ username, password: 'wrong' }));
    await site.ripe({ clientId: 'ripe-garden' });
    await assert.rejects(site.client({ username, password, clientId: 'ripe-garden' }));
    assert.deepEqual(
      site.events.filter(({ type }) => type === 'refused').map(({ reason }) => reason),
      ['wrong password', 'this client id belongs to RIPE'],
    );
  });
});
