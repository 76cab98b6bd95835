import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundledFlow } from '../../scripts/lib/dashboard.js';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { type Ripe, useRipe } from '../support/ripe.ts';
import { REPO } from '../support/ripe-process.ts';

const PASSWORD = /Editor login, shown only now: {2}admin \/ (\S+)/g;
/** What Node-RED or a person in the editor could change by mistake. */
const SOURCES = ['flows', 'settings.js', 'package.json', 'package-lock.json', 'scripts', 'examples'];

async function stateOfRepository(): Promise<unknown> {
  const args = ['status', '--porcelain', '--', ...SOURCES];
  const { stdout } = await promisify(execFile)('git', args, { cwd: REPO });
  return { stdout, root: (await readdir(REPO)).sort() };
}

describe('npm start', () => {
  const ripe = useRipe({ startsBefore: false });

  it('keeps everything in the data directory, and leaves the repository clean', async () => {
    const former = await stateOfRepository();
    await ripe.start();
    const files = await readdir(ripe.dataDir);
    for (const name of [
      'admin.json',
      'admin-token',
      'credential-secret',
      'flows.json',
      'package.json',
      'ripe.db',
    ]) {
      assert.ok(files.includes(name), `${name} is among ${files}`);
    }
    for (const name of files) {
      const { mode } = await stat(path.join(ripe.dataDir, name));
      assert.equal(mode & 0o077, 0, `${name} is private`);
    }
    const flow = () => readFile(path.join(ripe.dataDir, 'flows.json'), 'utf8');
    assert.equal(await flow(), bundledFlow(true));
    await deploy(ripe);
    assert.notEqual(await flow(), bundledFlow(true));
    await ripe.stop();
    assert.deepEqual(await stateOfRepository(), former);
  });

  it('tells the password of the editor at the first start only, and keeps none', async () => {
    await ripe.start();
    const told = [...ripe.output.matchAll(PASSWORD)].map(([, password]) => password ?? '');
    assert.equal(told.length, 1);
    assert.equal(ripe.output.split(told[0] ?? '').length, 2, 'it is printed once');
    const login = (password: string) => {
      const body = {
        client_id: 'node-red-editor',
        grant_type: 'password',
        scope: '*',
        username: 'admin',
        password,
      };
      return curl(ripe, 'POST', '/red/auth/token', { body });
    };
    assert.equal((await login(told[0] ?? '')).status, 200);
    assert.equal((await login('guess')).status, 403);
    assert.ok(!(await readFile(path.join(ripe.dataDir, 'admin.json'), 'utf8')).includes(told[0] ?? ''));
  });

  it('guards the editor API: 401 without, 200 with the administrator token', async () => {
    assert.equal((await curl(ripe, 'GET', '/red/flows')).status, 401);
    const wrong = { Authorization: `Bearer ${'x'.repeat(32)}` };
    assert.equal((await curl(ripe, 'GET', '/red/flows', { headers: wrong })).status, 401);
    const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
    assert.ok(Array.isArray(accepted(await curl(ripe, 'GET', '/red/flows', { headers }))));
    await ripe.stop();
  });

  it('leads from the bare address to the garden, unless a flow answers there', async () => {
    await ripe.start();
    const door = () => fetch(`${ripe.url}/?from=somewhere`, { redirect: 'manual' });
    const { status, headers } = await door();
    assert.deepEqual([status, headers.get('location')], [302, '/dashboard']);
    assert.equal((await fetch(ripe.url, { method: 'POST' })).status, 404);
    await addFlow(ripe, FRONT_PAGE);
    await eventually(async () => assert.equal(await (await door()).text(), 'mine'));
    await ripe.stop();
  });

  it('says at which brokers it looks for sensors', async () => {
    const brokers = path.join(ripe.dataDir, 'brokers.json');
    await writeFile(brokers, '[{ "internal": "mqtt://127.0.0.1:9", "name": "shed" }]');
    await ripe.start();
    await rm(brokers);
    assert.match(ripe.output, /MQTT {6}the brokers of brokers\.json\n/);
    await ripe.stop();
  });

  it('without the dashboard starts everything else', async () => {
    await rm(ripe.dataDir, { recursive: true });
    await mkdir(ripe.dataDir);
    await ripe.start({ RIPE_DASHBOARD: 'off' });
    assert.equal(await readFile(path.join(ripe.dataDir, 'flows.json'), 'utf8'), bundledFlow(false));
    assert.equal((await curl(ripe, 'GET', '/dashboard')).status, 404);
    assert.equal((await fetch(ripe.url, { redirect: 'manual' })).headers.get('location'), '/red');
    await ripe.stop();
  });

  describe('where something is wrong says so in one line, and ends with 1', () => {
    let blocker: Server;

    afterEach(() => {
      blocker?.close();
    });

    async function occupy(port: number): Promise<void> {
      blocker = createServer();
      await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve));
    }

    async function fails(says: RegExp, env: Record<string, string> = {}): Promise<void> {
      const run = ripe.launch(env);
      const { code } = await run.ended;
      assert.equal(code, 1, run.tail);
      assert.match(run.stderr, says);
      assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr);
      assert.equal(run.stdout, '');
    }

    it('the HTTP port is in use', async () => {
      await occupy(ripe.port);
      await fails(new RegExp(`port ${ripe.port} is in use.*PORT`));
    });

    it('the MQTT port is in use', async () => {
      await occupy(ripe.mqttPort);
      await fails(
        new RegExp(
          `port ${ripe.mqttPort} is in use.*RIPE_MQTT_PORT.*RIPE_BROKERS=mqtt://127.0.0.1:${ripe.mqttPort}\\.`,
        ),
      );
    });

    for (const [name, values] of [
      ['RIPE_LOG_LINES', ['abc', '0', '-5', '1.5', '10001']],
      ['RIPE_COMMIT_MS', ['0', '60001']],
      ['RIPE_ROW_DAYS', ['-1', 'ever']],
      ['RIPE_LONGEST_RUN', ['0', '1441']],
      ['PORT', ['http', '0', '65536']],
      ['RIPE_MQTT_PORT', ['mqtt', '-1']],
      ['RIPE_REGISTRATION', ['maybe', 'OPEN']],
      ['RIPE_PLUGIN_HOST', ['cloud']],
      ['RIPE_PROFILE', ['tiny']],
      ['RIPE_DASHBOARD', ['yes']],
    ] as const) {
      it(`${name} is none`, async () => {
        await Promise.all(values.map((value) => fails(new RegExp(`${name} must be`), { [name]: value })));
      });
    }
  });
});

const FRONT_PAGE = [
  { id: 'door', type: 'http in', url: '/', method: 'get', wires: [['words']] },
  {
    id: 'words',
    type: 'change',
    rules: [{ t: 'set', p: 'payload', to: 'mine', tot: 'str' }],
    wires: [['out']],
  },
  { id: 'out', type: 'http response', wires: [] },
];

async function addFlow(ripe: Ripe, nodes: readonly object[]): Promise<void> {
  const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
  const answer = await curl(ripe, 'POST', '/red/flow', { headers, body: { label: 'Front page', nodes } });
  assert.equal(answer.status, 200, answer.text);
}

/** As a person does who changes a label in the editor. */
async function deploy(ripe: Ripe): Promise<void> {
  const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
  const flows = accepted<Record<string, unknown>[]>(await curl(ripe, 'GET', '/red/flows', { headers }));
  const changed = flows.map((node) => (node['type'] === 'tab' ? { ...node, label: 'My garden' } : node));
  const answer = await curl(ripe, 'POST', '/red/flows', { headers, body: changed });
  assert.equal(answer.status, 204, answer.text);
}
