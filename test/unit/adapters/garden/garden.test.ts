import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { BrokerBoard } from '../../../../src/adapters/garden/broker-board.ts';
import { Garden, type GardenOptions } from '../../../../src/adapters/garden/garden.ts';
import type {
  BrokerDefinition,
  ExternalAddress,
} from '../../../../src/adapters/mqtt/address/broker-address.ts';
import { tempFile } from '../../../contract/temp-file.ts';
import { loadAll } from '../../../support/load-all.ts';

const broker = (external: readonly ExternalAddress[]): BrokerDefinition => ({
  name: 'broker',
  internal: () => null,
  external,
  protocol: '3.1.1',
  persistent: false,
});
const at = (host: string, parts: Partial<ExternalAddress> = {}): ExternalAddress => ({
  scheme: 'tcp',
  host,
  port: 1883,
  ...parts,
});

describe('The broker board', () => {
  const told = (
    address: ExternalAddress,
    requestHost = 'garden.local',
    externalHost: string | null = null,
  ) => {
    const board = new BrokerBoard(externalHost);
    board.serve([broker([address])]);
    return board.addresses(requestHost)[0];
  };

  it('tells nothing while no broker is in service (protocol §8)', () => {
    const board = new BrokerBoard(null);
    assert.deepEqual(board.addresses('host'), []);
    assert.equal(board.isInService, false);
    board.serve([broker([at('a')])]);
    assert.equal(board.isInService, true);
    board.serve([]);
    assert.deepEqual(board.addresses('host'), []);
  });

  it('tells exactly four members, with the login that is set (protocol §4.1)', () => {
    assert.deepEqual(told(at('mq.example', { username: 'u', password: 'p', scheme: 'wss', port: 443 })), {
      scheme: 'wss',
      host: 'mq.example',
      port: 443,
      credentials: { username: 'u', password: 'p' },
    });
  });

  it('gives placeholders where there is no login (protocol §4.1)', () => {
    assert.deepEqual(told(at('mq.example'))?.credentials, { username: 'ripe', password: 'ripe' });
  });

  for (const host of ['localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]']) {
    it(`replaces ${host} by the host that was asked`, () =>
      assert.equal(told(at(host))?.host, 'garden.local'));
    it(`replaces ${host} by the external host where one is set`, () => {
      assert.equal(told(at(host), 'garden.local', 'public.example')?.host, 'public.example');
    });
  }

  for (const host of ['mq.example', '10.0.0.1', 'localhost.example', '1127.0.0.1']) {
    it(`leaves ${host} alone`, () =>
      assert.equal(told(at(host), 'garden.local', 'public.example')?.host, host));
  }

  it('tells every address of a broker, in order', () => {
    const board = new BrokerBoard(null);
    board.serve([broker([at('a'), at('b', { scheme: 'wss' })])]);
    assert.deepEqual(
      board.addresses('x').map(({ host }) => host),
      ['a', 'b'],
    );
  });

  it('knows the embedded broker as it is at the moment of asking', () => {
    const board = new BrokerBoard(null);
    const embedded = board.embeddedBroker('embedded', []);
    assert.equal(embedded.internal(), null);
    assert.deepEqual(embedded.external, []);
    board.setEmbedded({ port: 1884, username: 'u', password: 'p' });
    assert.deepEqual(embedded.internal(), {
      scheme: 'mqtt',
      host: '127.0.0.1',
      port: 1884,
      username: 'u',
      password: 'p',
    });
    board.serve([embedded]);
    const [address] = board.addresses('garden.local');
    assert.deepEqual([address?.host, address?.port], ['garden.local', 1884]);
    assert.notEqual(address?.credentials.password, 'p', "RIPE's own login stays inside");
  });
});

describe('A garden', () => {
  async function garden(parts: Partial<GardenOptions> = {}) {
    const { file, dispose } = await tempFile('garden.db');
    const options = { registration: 'open', adminToken: null, logLines: 9, externalHost: null } as const;
    const opened = new Garden({ file, onPoison: () => undefined, ...options, ...parts });
    return { opened, file, dispose };
  }

  it('knows its administrator by a token, and nobody without one', async () => {
    const { opened, dispose } = await garden({ adminToken: 'secret' });
    assert.equal(opened.isAdministrator('secret'), true);
    for (const wrong of [undefined, '', 'Secret', 'secret '])
      assert.equal(opened.isAdministrator(wrong), false);
    assert.equal((await garden()).opened.isAdministrator(''), false);
    await dispose();
  });

  it('opens its store, gives itself an id, and knows its keys also after reopening', async () => {
    const { opened, dispose } = await garden();
    await opened.start();
    assert.notEqual(opened.id, '');
    const sensor = { id: 1, key: 'one', name: 'Fern', createdAt: 0 };
    opened.store.write({ type: 'sensorAdded', sensor });
    opened.store.write({ type: 'clearOwed', sensor: 7, key: 'seven' });
    await opened.stop();
    await opened.store.open();
    opened.keys.load((await loadAll(opened.store)).sensors);
    assert.equal(opened.keys.check(1, 'one'), true);
    await opened.store.close();
    await dispose();
  });

  it('leaves nothing behind where it is stopped while it starts', async () => {
    const { opened, dispose } = await garden();
    const { epoch } = opened;
    const raise = epoch.raise.bind(epoch);
    epoch.raise = async () => {
      const number = await raise();
      await opened.stop();
      return number;
    };
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    // Mocha's own timer begins with the first wait.
    await sleep(0);
    const before = timers();
    await opened.start();
    assert.ok(timers() <= before, 'no timer');
    await dispose();
  });

  it('is in a higher epoch after every start, also when its database is of yesterday', async () => {
    const { opened, file, dispose } = await garden();
    await opened.start();
    const first = opened.epoch.present;
    assert.ok(first > 0);
    await opened.stop();
    const again = (await garden({ file })).opened;
    await again.start();
    assert.ok(again.epoch.present > first);
    await again.stop();
    const { opened: restored, dispose: disposeRestored } = await garden();
    await restored.start();
    assert.ok(restored.epoch.present >= first);
    await restored.stop();
    await disposeRestored();
    await dispose();
  });
});
