import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import { createWorkerHost } from '../../../../src/adapters/agents/worker/worker-host.ts';
import type { AgentHost } from '../../../../src/domain/agent/agent-host.ts';
import { ROOT } from '../../../support/dist.ts';
import { eventually } from '../../../support/eventually.ts';
import { pluginProcesses } from '../../../support/plugin-processes.ts';
import { esm, forced, usePluginFolder, view } from './agents-support.ts';

const KEEPER = path.join(import.meta.dirname, '../../../support/plugin-keeper.ts');
const LOAD_MS = 30_000;
/** Bad from the second forced command on which no trial asks about. */
const turningBad = (code: string, before = '') =>
  esm(
    {
      decide: `(event) => { if (event.payload === 2) { ${code} } return { hold: event.payload, because: { code: 'c' } }; }`,
    },
    before,
  );
const FS = `import fs from 'node:fs';`;

const untilNone = (file: string) =>
  eventually(async () => assert.deepEqual(await pluginProcesses(file), []), 10_000);

describe('A plugin that turns bad in its process', function () {
  this.timeout(60_000);
  const folder = usePluginFolder();
  const logged: string[] = [];
  const faults: string[] = [];
  let host: AgentHost | undefined;
  beforeEach(() => {
    logged.length = 0;
    faults.length = 0;
  });
  afterEach(() => host?.stop());

  async function loaded(text: string, deadlineMs = 250): Promise<AgentHost> {
    host = await createWorkerHost(await folder.code('fern.mjs', text), 'folder', {
      loadMs: LOAD_MS,
      deadlineMs,
      onFault: (reason) => faults.push(reason),
      onLog: (line) => logged.push(line),
    });
    return host;
  }
  const decide = async (at: AgentHost, payload: number) => (await at.decide(forced(payload), view())).hold;

  for (const [what, text, reason] of [
    [
      'takes more than its heap at one stroke, which ends its process',
      turningBad('globalThis.leaf = new Array(5e7).fill(0);'),
      /out of memory|within 250 ms/,
    ],
    [
      'loops where V8 does not interrupt it',
      turningBad('for (;;) new Array(1000).fill(1);'),
      /no answer within 250 ms/,
    ],
    ['loops for ever', turningBad('for (;;);'), /no answer within 250 ms/],
    [
      'waits for ever without using a processor',
      turningBad('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'),
      /no answer within 250 ms/,
    ],
    [
      'allocates 200 MB in pieces',
      turningBad('for (let n = 0; n < 20; n++) all.push(new Uint8Array(1e7).fill(1));', 'const all = [];'),
      /holds \d+ MB of memory|within 250 ms/,
    ],
    ['allocates 200 MB at once', turningBad('Buffer.alloc(2e8);'), /allocates 200 MB at once/],
    ['ends the process', turningBad('process.exit(0);'), /exit is not for plugins/],
    ['ends the process all the same', turningBad('process.reallyExit(7);'), /ended with code 7/],
    ['throws where nobody catches', turningBad('Promise.reject(new Error("too dry"));'), /too dry/],
    [
      'returns something huge',
      turningBad('return { state: "x".repeat(3e5), because: { code: "c" } };'),
      /more than 262144 characters/,
    ],
    [
      'writes nonsense to RIPE',
      turningBad(`fs.writeSync(3, 'nonsense\\n'); for (;;);`, FS),
      /says what no worker says/,
    ],
    [
      'writes to RIPE without end',
      turningBad(`for (;;) fs.writeSync(3, 'x'.repeat(1e5));`, FS),
      /says what no worker says/,
    ],
    ['closes what it speaks with', turningBad('fs.closeSync(3);', FS), /ended with code 0/],
  ] as const) {
    it(`loses only the call in which it ${what}`, async () => {
      const at = await loaded(text);
      const answers = await Promise.allSettled([1, 2, 3].map((payload) => decide(at, payload)));
      assert.deepEqual(
        answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed')),
        [1, 'failed', 3],
        faults.join(),
      );
      assert.match(faults.join(), reason);
      assert.equal(faults.length, 1);
      assert.equal(await decide(at, 4), 4);
    });
  }

  it('is said to be out of memory where it is', async () => {
    const at = await loaded(turningBad('globalThis.leaf = new Array(5e7).fill(0);'), 20_000);
    await assert.rejects(decide(at, 2), /its worker ended with SIG\w+: it was out of memory/);
  });

  it('is ended when it is stopped, also in a loop that V8 does not interrupt', async () => {
    const at = await loaded(turningBad('for (;;) new Array(1000).fill(1);'));
    const file = path.join(folder.path, 'fern.mjs');
    const [pid, ...more] = await pluginProcesses(file);
    assert.ok(pid !== undefined && more.length === 0);
    const asked = decide(at, 2);
    at.stop();
    await assert.rejects(asked, /stopped/);
    await untilNone(file);
  });

  it('writes twenty lines a call at most, each bounded, and nothing past its console', async () => {
    const at = await loaded(
      turningBad(`
        for (let n = 0; n < 1_000; n++) console.log('line %d', n, 'x'.repeat(1e4));
        for (let n = 0; n < 20; n++) process.stdout.write('y'.repeat(1e6));
        process.stderr.write('z'.repeat(1e6));`),
    );
    assert.equal(await decide(at, 2), 2);
    assert.equal(logged.length, 20);
    assert.match(logged[0] ?? '', /^line 0 x+$/);
    assert.ok(logged.every((line) => line.length <= 500));
    await decide(at, 2);
    assert.equal(logged.length, 40);
  });
});

describe('The process of a plugin', function () {
  this.timeout(60_000);
  const folder = usePluginFolder();
  let host: AgentHost | undefined;
  afterEach(() => host?.stop());

  /** What an expression is worth there. */
  async function worth(expression: string): Promise<unknown> {
    const decideText = `() => ({ state: { is: ${expression} }, because: { code: 'c' } })`;
    const code = await folder.code('fern.mjs', esm({ decide: decideText }, FS));
    host?.stop();
    host = await createWorkerHost(code, 'folder', { loadMs: LOAD_MS });
    const { state } = await host.decide(forced(1), view());
    return (state as { is: unknown }).is;
  }

  it('knows nothing of RIPE’s environment', async () => {
    process.env['RIPE_SECRET_OF_THIS_TEST'] = 'secret';
    try {
      assert.deepEqual(await worth('Object.keys(process.env)'), []);
    } finally {
      delete process.env['RIPE_SECRET_OF_THIS_TEST'];
    }
  });

  it('reads what belongs to the plugin', async () => {
    await folder.write('note.txt', 'loam');
    assert.equal(await worth(`fs.readFileSync(new URL('./note.txt', import.meta.url), 'utf8')`), 'loam');
  });

  it('reads a module that is installed around it, also one that npm has linked', async () => {
    await folder.write('elsewhere/soil/package.json', '{"main":"soil.js"}');
    await folder.write('elsewhere/soil/soil.js', 'module.exports = "loam";');
    await mkdir(path.join(folder.path, 'node_modules'));
    await symlink('../elsewhere/soil', path.join(folder.path, 'node_modules', 'soil'));
    const file = await folder.write(
      'plugin/fern.mjs',
      esm({ start: '() => soil' }, `import soil from 'soil';`),
    );
    host = await createWorkerHost({ file, folder: path.dirname(file) }, 'folder', { loadMs: LOAD_MS });
    assert.equal(await host.start({}), 'loam');
  });

  for (const [what, expression] of [
    [
      'reads nothing of RIPE but its code',
      `fs.readFileSync(${JSON.stringify(path.join(ROOT, 'settings.js'))}, 'utf8')`,
    ],
    ['reads no other file', `fs.readFileSync('/etc/hostname', 'utf8')`],
    ['reads nothing of RIPE’s process', `fs.readFileSync('/proc/' + process.ppid + '/environ', 'utf8')`],
    ['lists no other folder', `fs.readdirSync('/')`],
    ['writes no file', `fs.writeFileSync(new URL('./note.txt', import.meta.url), 'x')`],
    ['deletes no file', `fs.rmSync(new URL(import.meta.url))`],
  ] as const) {
    it(what, async () => {
      await assert.rejects(
        worth(expression),
        /no access to .*: a plugin reads its own files and installed modules/,
      );
    });
  }

  it('starts no other process, by whatever way', async () => {
    await assert.rejects(
      worth(`process.binding('spawn_sync').spawn({ file: '/bin/true', args: ['true'], stdio: [] }).pid`),
      /no access to process\.binding/,
    );
  });

  it('is the first one that Linux ends for want of memory', async () => {
    if (process.platform !== 'linux') return;
    const pid = await worth('process.pid');
    await eventually(async () =>
      assert.equal((await readFile(`/proc/${pid}/oom_score_adj`, 'utf8')).trim(), '1000'),
    );
  });

  it('is not ended by signals that are meant for all at once', async () => {
    const pid = Number(await worth('process.pid'));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    assert.deepEqual((await host?.decide(forced(1), view()))?.state, { is: pid });
  });

  it('ends with RIPE, however that ends: idle as well as in an endless loop', async () => {
    const idle = await folder.write('idle.mjs', esm());
    const looping = await folder.write('looping.mjs', turningBad('for (;;) new Array(1000).fill(1);'));
    const keeper = spawn(process.execPath, [KEEPER, idle, looping, '--ask'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(keeper.stdout, 'data');
    for (const file of [idle, looping]) assert.equal((await pluginProcesses(file)).length, 1);
    keeper.kill('SIGKILL');
    for (const file of [idle, looping]) await untilNone(file);
  });

  it('keeps nobody from ending', async () => {
    const keeper = spawn(process.execPath, [KEEPER, await folder.write('idle.mjs', esm())]);
    const [code] = await once(keeper, 'exit');
    assert.equal(code, 0);
    await untilNone(path.join(folder.path, 'idle.mjs'));
  });
});
