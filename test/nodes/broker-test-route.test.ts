import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { useMosquitto } from '../support/mosquitto.ts';
import { useNodeRed } from '../support/node-red-site.ts';
import { external, tab } from '../support/ripe-flow.ts';

const LOGIN = { username: 'gardener', password: 'secret of the broker' };
const UNTOUCHED = '__PWRD__';

describe('POST /ripe/broker/test of the editor', () => {
  const mosquitto = useMosquitto(LOGIN);
  const site = useNodeRed();

  let url = '';

  beforeEach('load a broker', async () => {
    await site.load([tab(), external('one', mosquitto.port)], { credentials: { one: LOGIN } });
    url = await site.httpAdmin();
  });

  async function test(body: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${url}/ripe/broker/test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200);
    const text = await response.text();
    assert.ok(!text.includes(LOGIN.password), 'the answer holds a secret');
    return JSON.parse(text);
  }
  const fields = () => ({
    kind: 'external',
    scheme: 'mqtt',
    host: '127.0.0.1',
    port: String(mosquitto.port),
  });

  it('tries a broker that is not deployed, with the password of the dialog', async () => {
    const result = await test({ id: 'new', fields: fields(), credentials: LOGIN });
    assert.equal(result['ok'], true);
  });

  it('takes the stored password where that of the dialog is untouched, or was never shown', async () => {
    const shown = { username: LOGIN.username, password: UNTOUCHED };
    assert.equal((await test({ id: 'one', fields: fields(), credentials: shown }))['ok'], true);
    assert.equal((await test({ id: 'one', fields: fields() }))['ok'], true);
    const cleared = { username: LOGIN.username, password: '' };
    const refused = await test({ id: 'one', fields: fields(), credentials: cleared });
    assert.deepEqual([refused['ok'], refused['problem']], [false, 'credentials']);
  });

  it('fills in variables of the environment, as a deploy does', async () => {
    process.env['RIPE_TEST_PORT'] = String(mosquitto.port);
    const result = await test({ id: 'one', fields: { ...fields(), port: `$${'{RIPE_TEST_PORT}'}` } });
    delete process.env['RIPE_TEST_PORT'];
    assert.equal(result['ok'], true);
  });

  it('says what is not set up, and that the embedded broker needs no test', async () => {
    const bare = await test({ fields: { kind: 'external' } });
    assert.deepEqual(bare, { ok: false, problem: 'incomplete', code: 'host: is missing' });
    assert.equal((await test({ fields: { kind: 'embedded' } }))['problem'], 'embedded');
    assert.equal((await test({}))['problem'], 'embedded');
  });

  it('has a text in the dialog for everything that it may answer', () => {
    const root = path.join(import.meta.dirname, '../..');
    const source = readFileSync(path.join(root, 'src/adapters/mqtt/connection-test.ts'), 'utf8');
    const kinds = readFileSync(path.join(root, 'src/adapters/mqtt/link/broker-error.ts'), 'utf8');
    const unions = `${/type Problem =([^;]+);/.exec(source)?.[1]} ${/type FailureKind =([^;]+);/.exec(kinds)?.[1]}`;
    const problems = [...unions.matchAll(/'(\w+)'/g)].map(([, problem]) => problem ?? '');
    assert.ok(problems.length > 12);
    const catalogue = JSON.parse(
      readFileSync(path.join(root, 'nodes/broker/locales/en-US/broker.json'), 'utf8'),
    ) as { 'ripe-broker': { test: Record<string, string> } };
    const told = Object.keys(catalogue['ripe-broker'].test);
    const others = ['busy', 'ok', 'embedded', 'incomplete', 'forbidden', 'unanswered'];
    assert.deepEqual(
      [...new Set([...problems, ...others])].filter((problem) => !told.includes(problem)),
      [],
    );
  });
});
