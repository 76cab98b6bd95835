import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { tryPlugin } from '../../../../src/adapters/agents/canary.ts';
import { esm, usePluginFolder } from './agents-support.ts';

describe('Trying a plugin before it is in service', function () {
  this.timeout(60_000);
  const folder = usePluginFolder();
  const tried = async (text: string) =>
    tryPlugin(await folder.code('fern.mjs', text), 'folder', { plugin: 'fern.mjs' });

  it('says what it brings', async () => {
    assert.deepEqual(await tried(esm({ neutral: '7' })), {
      name: 'FernAgent',
      version: '1.2.3',
      neutral: 7,
      settings: {},
    });
  });

  it('does not mind that it takes over no other state', async () => {
    await tried(esm({ migrate: '() => { throw new Error("too old"); }' }));
  });

  it('asks about one event of each kind, each on a fresh state: a third reading is for the watchdog', async () => {
    const decide =
      '(e, view) => { if (view.state.n > 0) throw new Error("carried"); return { state: { n: 1 }, because: { code: "c" } }; }';
    await tried(
      esm({
        start: '() => ({ n: 0 })',
        decide,
        render: '({ locale }) => ({ decorator: { Text: null }, state: "Ready", rendered: locale })',
      }),
    );
    const third = `let readings = 0;\nexport default`;
    await tried(
      esm({
        decide:
          '(e) => { if (e.type === "reading" && ++readings === 3) throw new Error("third"); return { because: { code: "c" } }; }',
      }).replace('export default', third),
    );
  });

  for (const [what, text, reason] of [
    ['exports nothing', 'export const a = 1;', /default export is no agent type/],
    ['has a member of a wrong type', esm({ decide: '5' }), /decide is no function/],
    ['has a version of a wrong type', esm({ version: '2' }), /version/],
    ['throws on loading', 'throw new Error("no soil");', /no soil/],
    ['ends the process on loading', 'process.exit(1);', /exit is not for plugins/],
    [
      'decides nonsense',
      esm({ decide: '() => ({ hold: "on", because: { code: "c" } })' }),
      /decide on started: hold/,
    ],
    [
      'plans a job that sets nothing',
      esm({ decide: '() => ({ job: { steps: [{ wait: 5 }] }, because: { code: "c" } })' }),
      /must set a value/,
    ],
    ['waits in a promise', esm({ decide: 'async () => ({ because: { code: "c" } })' }), /returned a promise/],
    [
      'starts a timer',
      esm({ start: '() => { setTimeout(() => {}, 5); return {}; }' }),
      /setTimeout is not for plugins/,
    ],
    [
      'opens a connection',
      `import net from 'node:net';\n${esm({ start: '() => { net.connect(1); return {}; }' })}`,
      /connect is not for plugins/,
    ],
    [
      'draws what no app can',
      esm({ render: '() => ({ decorator: "Text", state: "Ready", rendered: "x" })' }),
      /render: /,
    ],
    ['loops in migrate', esm({ migrate: '() => { while (true); }' }), /no answer within 250 ms/],
    ['returns something huge', esm({ start: '() => "x".repeat(300000)' }), /more than 262144 characters/],
    [
      'allocates 200 MB in pieces',
      `const all = [];\n${esm({ start: '() => { for (let n = 0; n < 20; n++) all.push(new Uint8Array(1e7).fill(1)); return 1; }' })}`,
      /holds \d+ MB of memory|within 250 ms/,
    ],
    [
      'takes more than its heap at one stroke when it loads',
      `globalThis.leaf = new Array(5e7).fill(0);\n${esm()}`,
      /out of memory|did not load within/,
    ],
    [
      'takes more than its heap at one stroke',
      esm({ start: '() => new Array(5e7).fill(0).length' }),
      /out of memory|within 250 ms/,
    ],
    [
      'loops where V8 does not interrupt it',
      esm({ start: '() => { for (;;) new Array(1000).fill(1); }' }),
      /no answer within 250 ms/,
    ],
    [
      'reads what is not its own',
      `import fs from 'node:fs';\nfs.readFileSync('/etc/hostname');\n${esm()}`,
      /no access to/,
    ],
    [
      'fills its heap',
      esm({ start: '() => { const all = []; for (;;) all.push({ more: [1, 2, 3] }); }' }),
      /memory|within 250 ms/,
    ],
    [
      'leaves a rejected promise behind',
      esm({ start: '() => { Promise.reject(new Error("late")); return 1; }' }),
      /late/,
    ],
    [
      'hangs in promises that it began',
      esm({ start: '() => { const again = () => Promise.resolve().then(again); again(); return 1; }' }),
      /memory|within 250 ms/,
    ],
  ] as const) {
    it(`refuses one that ${what}`, () => assert.rejects(tried(text), reason));
  }

  it('refuses one that needs more than a confined process gives, unless threads are what it will run in', async () => {
    const code = await folder.code('fern.mjs', `import fs from 'node:fs';\nfs.readdirSync('/');\n${esm()}`);
    const tried = await tryPlugin(code, 'folder', { plugin: 'fern.mjs', pluginHost: 'thread' });
    assert.equal(tried.name, 'FernAgent');
  });
});
