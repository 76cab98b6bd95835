import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { embedded, GARDEN, gardenNode, inGarden, tab } from '../support/ripe-flow.ts';
import { quietly } from '../support/until.ts';

describe('ripe-garden', () => {
  const site = useNodeRed();

  const garden = (): Garden => site.garden;

  /** The host that a client is told for a broker of this machine. */
  function hostToldTo(requestHost: string): string | undefined {
    const external = [{ scheme: 'tcp' as const, host: '127.0.0.1', port: 1883 }];
    garden().brokers.serve([
      { name: 'b', internal: () => null, external, protocol: 'auto', persistent: true },
    ]);
    return garden().brokers.addresses(requestHost)[0]?.host;
  }

  it('keeps its database in the user directory, and closes it', async () => {
    await site.load([tab(), gardenNode()]);
    const { store, ready } = garden();
    await ready;
    assert.ok(existsSync(path.join(site.folder, 'ripe.db')));
    await store.ping();
    await site.unload();
    await assert.rejects(store.ping(), { code: 'RIPE_STORE_FAILED' });
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('has defaults where neither dialog nor settings say anything', async () => {
    await site.load([tab(), gardenNode({ file: ' ', registration: '', logLines: '', externalHost: '' })]);
    assert.equal(garden().registration, 'open');
    assert.equal(garden().logLines, 124);
    assert.equal(garden().isAdministrator(''), false);
    assert.equal(hostToldTo('garden.local'), 'garden.local');
  });

  it('has supplies and hard limits of its dialog, which never loosens what the settings say', async () => {
    const dialog = { supplies: 'pump, tank = 2', longestRun: '10', dailyBudget: 30 };
    const ripe = { longestRun: 20, dailyBudget: 15, supplies: 'well=9' };
    await site.load([tab(), gardenNode(dialog)], { settings: { ripe } });
    assert.deepEqual(garden().supplies, { pump: 1, tank: 2 });
    assert.deepEqual(garden().limits, { longestRunMs: 600_000, dailyBudgetMs: 900_000 });
  });

  for (const [field, value] of [
    ['supplies', 'pump=0'],
    ['supplies', 'a=1,a=2'],
    ['longestRun', '0'],
    ['dailyBudget', '1441'],
  ] as const) {
    it(`names the field ${field} that ${value} does not fit in`, async () => {
      await site.load([tab(), gardenNode({ [field]: value })]);
      assert.ok(await site.error(GARDEN, `${field}: must`));
    });
  }

  const settings = {
    ripe: { registration: 'token', logLines: 7, adminToken: 'of settings', externalHost: 'settings.local' },
  };

  it('takes from the settings what its dialog leaves blank', async () => {
    const dataDir = path.join(site.folder);
    await site.load([tab(), gardenNode({ file: 'a.db' })], {
      settings: { ripe: { ...settings.ripe, dataDir }, userDir: '/nowhere' },
    });
    await garden().ready;
    assert.ok(existsSync(path.join(dataDir, 'a.db')));
    assert.equal(garden().registration, 'token');
    assert.equal(garden().logLines, 7);
    assert.equal(garden().isAdministrator('of settings'), true);
    assert.equal(hostToldTo('garden.local'), 'settings.local');
  });

  const homes: [what: string, dialog: object, ripe: object, expected: unknown][] = [
    ['nothing by default', {}, {}, null],
    ['nothing where the setting says off', {}, { homeAssistant: 'off' }, null],
    [
      'what the setting switches on',
      {},
      { homeAssistant: 'on', homeAssistantPrefix: 'ha' },
      { prefix: 'ha', silentMs: 3_600_000, account: null },
    ],
    [
      'with the login of the setting',
      { homeAssistantSilence: '5' },
      { homeAssistant: 'home:sweet:home' },
      {
        prefix: 'homeassistant',
        silentMs: 300_000,
        account: { username: 'home', password: 'sweet:home' },
      },
    ],
    ['nothing where the dialog says off', { homeAssistant: 'off' }, { homeAssistant: 'on' }, null],
  ];
  for (const [what, dialog, ripe, expected] of homes) {
    it(`shows Home Assistant ${what}`, async () => {
      await site.load([tab(), gardenNode(dialog)], { settings: { ripe } });
      assert.deepEqual(garden().homeAssistant, expected);
    });
  }

  it('gives Home Assistant the login of its dialog, and names a bad prefix', async () => {
    const login = { homeAssistantUser: 'home', homeAssistantPassword: 'of the dialog' };
    await site.load([tab(), gardenNode({ homeAssistant: 'on' })], { credentials: { [GARDEN]: login } });
    assert.deepEqual(garden().homeAssistant?.account, { username: 'home', password: 'of the dialog' });
    await site.unload();
    await site.load([tab(), gardenNode({ homeAssistantPrefix: 'home/#' })]);
    await site.error(GARDEN, 'homeAssistantPrefix: must be');
  });

  it('prefers its dialog and credentials to the settings', async () => {
    const file = path.join(site.folder, 'elsewhere.db');
    const dialog = { file, registration: 'closed', logLines: '9', externalHost: 'dialog.local' };
    await site.load([tab(), gardenNode(dialog)], {
      settings,
      credentials: { [GARDEN]: { adminToken: 'of the dialog' } },
    });
    await garden().ready;
    assert.ok(existsSync(file));
    assert.equal(garden().registration, 'closed');
    assert.equal(garden().logLines, 9);
    assert.equal(garden().isAdministrator('of settings'), false);
    assert.equal(garden().isAdministrator('of the dialog'), true);
    assert.equal(hostToldTo('garden.local'), 'dialog.local');
  });

  it('keeps its identity from one start to the next', async () => {
    await site.load([tab(), gardenNode()]);
    await garden().ready;
    const { id } = garden();
    await site.unload();
    await site.load([tab(), gardenNode()]);
    await garden().ready;
    assert.equal(garden().id, id);
  });

  for (const [field, value] of Object.entries({ logLines: 'many', registration: 'sometimes' })) {
    it(`names the bad field ${field}, and whoever needs it says that it is missing`, async () => {
      await site.load([
        tab(),
        gardenNode({ [field]: value }),
        inGarden('runtime', 'ripe-sensor-runtime'),
        inGarden('runner', 'ripe-job-runner'),
        inGarden('pool', 'ripe-broker-pool'),
      ]);
      await site.error(GARDEN, `${field}: must be`);
      for (const id of ['runtime', 'runner', 'pool']) await site.error(id, 'ripe-garden');
    });
  }

  const users = [
    inGarden('runtime', 'ripe-sensor-runtime'),
    inGarden('runner', 'ripe-job-runner'),
    inGarden('broker', 'ripe-embedded-broker'),
    inGarden('pool', 'ripe-broker-pool', { brokers: ['here'] }),
    inGarden('api', 'ripe-api'),
  ];

  it('says what is wrong with a damaged database, as do the nodes that need it, and leaves it as it is', async () => {
    const file = path.join(site.folder, 'ripe.db');
    const damaged = 'not a database, '.repeat(500);
    await writeFile(file, damaged);
    await site.load([tab(), gardenNode(), embedded(), ...users]);
    await site.error(GARDEN, `The database ${file} cannot be opened`);
    for (const { id } of users) {
      const badge = await site.badge(id, `${users.find((user) => user.id === id)?.type}.status.failed`);
      assert.equal(badge.fill, 'red');
      assert.match(badge.text, /Restore a backup, or move the file away/);
    }
    await quietly();
    for (const { id } of users) assert.equal(site.badges(id).at(-1)?.fill, 'red', id);
    const before = performance.now();
    await site.unload();
    // Who hangs is waited for for 5 s.
    assert.ok(performance.now() - before < 4_500, 'nobody hangs');
    assert.equal(await readFile(file, 'utf8'), damaged);
  });

  it('closes the store after those who work with it', async () => {
    const answers: boolean[] = [];
    function slowUser(RED: NodeAPI): void {
      RED.nodes.registerType('slow-user', function (this: Node, def: NodeDef) {
        RED.nodes.createNode(this, def);
        const presence = garden().attendance.attend('runtime');
        const { store } = garden();
        this.on('close', async (done: () => void) => {
          presence.leaving();
          await quietly();
          await store.ping().then(
            () => answers.push(true),
            () => answers.push(false),
          );
          presence.left();
          done();
        });
      });
    }
    await site.load([tab(), gardenNode(), inGarden('user', 'slow-user')], { types: [slowUser] });
    await garden().ready;
    await site.unload();
    assert.deepEqual(answers, [true]);
  });
});
