import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(import.meta.dirname, '../..');
const run = promisify(execFile);

describe('examples/frost-guard, as an author has it: in a folder of its own, with RIPE installed', () => {
  let folder = '';
  /** Of npm scripts, the folder's own programs come first. */
  const env = { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined };
  const npm = async (...args: string[]) => (await run('npm', args, { cwd: folder, env })).stdout;

  before('copy it', async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ripe-frost-guard-'));
    await cp(path.join(ROOT, 'examples/frost-guard'), folder, { recursive: true });
    await mkdir(path.join(folder, 'node_modules/@ripe-iot'), { recursive: true });
    await symlink(ROOT, path.join(folder, 'node_modules/@ripe-iot/node-red-ripe'));
    await symlink(path.join(ROOT, 'node_modules/.bin'), path.join(folder, 'node_modules/.bin'));
    await symlink(path.join(ROOT, 'node_modules/@types'), path.join(folder, 'node_modules/@types'));
  });

  after('delete it', () => rm(folder, { recursive: true, force: true }));

  it('passes its own tests', async () => {
    const told = await npm('test');
    assert.match(told, /fail 0/);
    assert.match(told, /pass [5-9]/);
  }).timeout(60_000);

  it('keeps to the types of the contract', async () => {
    await npm('run', 'types');
  }).timeout(60_000);

  it('packs what runs, and nothing else', async () => {
    const [packed] = JSON.parse(await npm('pack', '--dry-run', '--json')) as { files: { path: string }[] }[];
    assert.deepEqual(packed?.files.map((file) => file.path).sort(), [
      'README.md',
      'agent.js',
      'package.json',
      'plugin.cjs',
    ]);
  }).timeout(60_000);

  it('needs nothing of RIPE at run time: the contract is empty there', async () => {
    const file = path.join(folder, 'look.mjs');
    await writeFile(file, "console.log(Object.keys(await import('@ripe-iot/node-red-ripe/agent')).length);");
    assert.equal((await run(process.execPath, [file])).stdout.trim(), '0');
  });
});
