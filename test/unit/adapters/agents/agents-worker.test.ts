import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createWorkerHost } from '../../../../src/adapters/agents/worker/worker-host.ts';
import type { AgentHost } from '../../../../src/domain/agent/agent-host.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { agentType, esm, forced, usePluginFolder, view } from './agents-support.ts';

const failing = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof RipeError && error.code === code && text.test(error.message);
const invalid = (text: RegExp) => failing('RIPE_PLUGIN_INVALID', text);

/** A machine that is busy with other tests loads a good plugin late; what never loads is given up sooner. */
const LOAD_MS = 30_000;
const HOPELESS_MS = 500;

for (const pluginHost of ['process', 'thread'] as const) {
  describe(`A plugin in a ${pluginHost}`, function () {
    this.timeout(60_000);
    const folder = usePluginFolder();
    let host: AgentHost | undefined;
    afterEach(() => host?.stop());

    async function loaded(text: string, name = 'fern.mjs', loadMs = LOAD_MS): Promise<AgentHost> {
      host?.stop();
      host = await createWorkerHost(await folder.code(name, text), 'folder', { loadMs, pluginHost });
      return host;
    }

    const decide = async (at: AgentHost, payload: number) => (await at.decide(forced(payload), view())).hold;

    for (const [kind, name, text] of [
      ['an ES module', 'fern.mjs', esm()],
      ['CommonJS', 'fern.cjs', `module.exports = ${agentType()};`],
      ['CommonJS that was compiled from an ES module', 'fern.cjs', `exports.default = ${agentType()};`],
      ['a .js of either kind', 'fern.js', esm()],
    ] as const) {
      it(`answers every call, as ${kind}`, async () => {
        const at = await loaded(text, name);
        assert.deepEqual([at.name, at.version, at.source, at.neutral], ['FernAgent', '1.2.3', 'folder', 0]);
        assert.deepEqual(await at.start({}), { count: 0 });
        assert.equal(await decide(at, 7), 7);
        assert.equal((await at.render(view())).rendered, 'fern');
        assert.deepEqual(await at.migrate({ old: 1 }, '1.0.0'), { old: 1 });
      });
    }

    it('answers in order, however many ask at once', async () => {
      const at = await loaded(esm());
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => decide(at, n)));
      assert.deepEqual(
        answers,
        Array.from({ length: 200 }, (_, n) => n),
      );
    });

    for (const [what, code, text] of [
      ['throws', '() => { throw new Error("no soil"); }', /no soil/],
      ['throws a text', '() => { throw "no soil"; }', /no soil/],
      ['returns a promise', 'async () => ({ because: { code: "c" } })', /promise/],
      ['returns nothing', '() => undefined', /returned nothing/],
      [
        'returns something huge',
        '() => ({ state: "x".repeat(300_000), because: { code: "c" } })',
        /262144 characters/,
      ],
      ['returns a ring', '() => { const a = {}; a.a = a; return a; }', /circular/],
    ] as const) {
      it(`fails that call only in which it ${what}`, async () => {
        const at = await loaded(
          esm({
            decide: `(event) => event.payload === 1 ? (${code})() : ({ hold: event.payload, because: { code: "c" } })`,
          }),
        );
        const [bad, good] = await Promise.allSettled([decide(at, 1), decide(at, 2)]);
        assert.ok(bad.status === 'rejected' && invalid(text)(bad.reason), JSON.stringify(bad));
        assert.deepEqual(good, { status: 'fulfilled', value: 2 });
      });
    }

    it('loses only the call that never ends: the others are sent to the next worker', async () => {
      const at = await loaded(
        esm({
          decide:
            '(event) => { while (event.payload === 2); return { hold: event.payload, because: { code: "c" } }; }',
        }),
      );
      const answers = await Promise.allSettled([1, 2, 3, 4].map((payload) => decide(at, payload)));
      assert.deepEqual(
        answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed')),
        [1, 'failed', 3, 4],
      );
      const [, endless] = answers;
      assert.ok(endless?.status === 'rejected' && failing('RIPE_PLUGIN_TIMEOUT', /250 ms/)(endless.reason));
      assert.equal(await decide(at, 5), 5);
    });

    it('loses each call that ends its worker, and no other', async () => {
      const at = await loaded(
        esm({
          decide:
            '(event) => { if (event.payload === 2) process.reallyExit(3); return { hold: event.payload, because: { code: "c" } }; }',
        }),
      );
      const answers = await Promise.allSettled([1, 2, 2, 3].map((payload) => decide(at, payload)));
      const ended = 'RipeError: fern.mjs: its worker ended with code 3';
      assert.deepEqual(
        answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : String(answer.reason))),
        [1, ended, ended, 3],
      );
    });

    it('is given up after three failures in a row', async () => {
      const at = await loaded(esm({ decide: '() => process.reallyExit(1)' }));
      for (let n = 0; n < 3; n++) await assert.rejects(decide(at, n), invalid(/ended with code 1/));
      await assert.rejects(decide(at, 4), invalid(/stopped after 3 failures/));
    });

    it('fails its open calls when it is stopped', async () => {
      const at = await loaded(esm({ decide: '() => { while (true); }' }));
      const open = decide(at, 1);
      at.stop();
      await assert.rejects(open, invalid(/stopped/));
    });
  });
}

describe('What a plugin is asked and answers', function () {
  this.timeout(60_000);
  const folder = usePluginFolder();
  let host: AgentHost | undefined;
  afterEach(() => host?.stop());

  async function loaded(text: string): Promise<AgentHost> {
    host = await createWorkerHost(await folder.code('fern.mjs', text), 'folder', { loadMs: LOAD_MS });
    return host;
  }

  it('runs no job for longer than a day', async () => {
    const at = await loaded(esm({ limits: '{ longestRunMs: 1e12 }' }));
    assert.equal(at.limits.longestRunMs, 86_400_000);
  });

  it('changes nothing of what it is given', async () => {
    const at = await loaded(
      esm({ decide: '(e, view) => { view.state.x = 9; return { because: { code: "c" } }; }' }),
    );
    const state = { x: 1 };
    await at.decide(forced(1), view({ state }));
    assert.deepEqual(state, { x: 1 });
  });

  for (const code of ['({})', '({ because: { code: "c" }, hold: 0.5 })', '[]', '5', 'null']) {
    it(`is refused the decision ${code}`, async () => {
      const at = await loaded(esm({ decide: `() => ${code}` }));
      await assert.rejects(async () => at.decide(forced(1), view()), RipeError);
    });
  }

  it('is refused looks that no app can draw (protocol §2.1, trap 3)', async () => {
    const at = await loaded(esm({ render: '() => ({ decorator: "Text", state: "Ready", rendered: "x" })' }));
    await assert.rejects(async () => at.render(view()), RipeError);
  });
});

describe('Loading a plugin', function () {
  this.timeout(60_000);
  const folder = usePluginFolder();
  const load = async (text: string, loadMs = LOAD_MS) =>
    createWorkerHost(await folder.code('fern.mjs', text), 'folder', { loadMs });

  for (const [what, text, reason] of [
    ['a syntax error', 'export default {', /Unexpected end of input|fern\.mjs/],
    ['a missing module', 'import "./missing.mjs"; export default {};', /missing\.mjs/],
    ['an error at its top', 'throw new Error("no soil");', /no soil/],
    ['no default export', 'export const a = 1;', /default export is no agent type/],
    ['a default export that is no object', 'export default 5;', /default export is no agent type/],
    ['no decide', esm({ decide: '5' }), /decide is no function/],
    ['an end of its worker', 'process.reallyExit(0); export default {};', /worker ended with code 0/],
    ['an attempt to end RIPE', 'process.exit(0); export default {};', /exit is not for plugins/],
  ] as const) {
    it(`is refused for ${what}`, async () => assert.rejects(load(text), invalid(reason)));
  }

  for (const [parts, reason] of [
    [{ name: '"a b"' }, /name/],
    [{ version: '"1"' }, /version/],
    [{ apiVersion: '2' }, /apiVersion/],
    [{ settings: '{ on: { kind: "knob", key: "k", label: { en: "a", de: "b" } } }' }, /settings\.on\.kind/],
  ] as const) {
    it(`is refused for ${JSON.stringify(parts)}, which is named`, async () => {
      await assert.rejects(
        load(esm(parts)),
        (error) => error instanceof RipeError && reason.test(error.message),
      );
    });
  }

  it('is given up after a while where it never ends', async () => {
    await assert.rejects(load('while (true);', HOPELESS_MS), invalid(/did not load within 500 ms/));
  });

  it('lets nobody wait for ever when it does not load a second time', async () => {
    const at = await load(esm({ decide: '() => process.reallyExit(1)' }), 3_000);
    await folder.write('fern.mjs', 'while (true);');
    const answers = await Promise.allSettled([
      at.start({}),
      at.decide(forced(1), view()),
      at.decide(forced(2), view()),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    );
  });
});
