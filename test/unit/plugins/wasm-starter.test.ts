import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Reading } from '../../../src/agent.ts';
import { AgentBench, openWasm } from '../../../src/agent-testing.ts';

const STARTER = path.join(import.meta.dirname, '../../../plugins/wasm-starter');
const SECOND = 1000;
const MINUTE = 60 * SECOND;

type State = { readonly runs: number; readonly endedAt: number };
type Settings = { readonly limit: number; readonly runMs: number; readonly pauseMs: number };

for (const [language, file, folder, name] of [
  ['C', 'water-in-c.wasm', 'c', 'WaterInC'],
  ['AssemblyScript', 'water-in-assemblyscript.wasm', 'assembly', 'WaterInAssemblyScript'],
] as const) {
  describe(`The starter in ${language}`, () => {
    const built = path.join(STARTER, 'built', file);
    const type = openWasm<State, Settings>(built);
    const started = (settings: Partial<Settings> = {}) => new AgentBench(type, { settings }).start();

    it('is built from the sources that lie beside it: if not, run `npm run build` in plugins/wasm-starter', () => {
      const names = readdirSync(path.join(STARTER, folder)).sort();
      const sources = names.map((each) => [each, readFileSync(path.join(STARTER, folder, each), 'utf8')]);
      const hash = createHash('sha256')
        .update(JSON.stringify(Object.fromEntries(sources)))
        .digest('hex');
      assert.equal(readFileSync(`${built}.sources`, 'utf8'), `${hash}  ${folder}/\n`);
    });

    it('describes itself', () => {
      assert.deepEqual([type.name, type.version, type.limits], [name, '1.0.0', { longestRunMs: 3_600_000 }]);
    });

    it('waters a dry bed for its time, then pauses', () => {
      const agent = started().read({ moisture: 20.4 });
      assert.deepEqual([agent.value, agent.code], [1, 'dry']);
      assert.equal(agent.because(), '20.4 % is below 30 %.');
      assert.deepEqual(agent.ui().state, { Executing: agent.now + MINUTE });
      agent.pass(MINUTE);
      assert.deepEqual([agent.value, agent.code], [0, 'ended']);
      assert.deepEqual(agent.state, { runs: 1, endedAt: agent.now });
      agent.pass(MINUTE).read({ moisture: 5 });
      assert.equal(agent.because(), 'Pauses for another 3540 s.');
      assert.equal(agent.pass(59 * MINUTE).read({ moisture: 5 }).value, 1);
    });

    it('waters no bed that is moist, unknown, or being watered', () => {
      assert.equal(started().read({ moisture: 30 }).because(), '30 % is moist enough.');
      assert.equal(started().read({ temperature: 5 }).code, 'unknown');
      assert.equal(started().read({ moisture: 5 }).pass(SECOND).read({ moisture: 5 }).code, 'busy');
    });

    it('follows its settings', () => {
      const agent = started({ limit: 10, runMs: 20 * SECOND, pauseMs: 0 }).read({ moisture: 9.75 });
      assert.equal(agent.because('de'), '9.75 % liegt unter 10 %.');
      assert.equal(agent.pass(20 * SECOND).value, 0);
      assert.equal(agent.read({ moisture: 9 }).value, 1);
    });

    it('obeys commands', () => {
      const agent = started().force(90);
      assert.deepEqual(agent.ui().state, { Executing: agent.now + 90 * SECOND });
      assert.deepEqual([agent.force(0).value, agent.job], [0, null]);
      assert.equal(agent.force(-5).code, 'offByHand');
    });

    it('draws itself in both languages', () => {
      const agent = started().force(10).pass(MINUTE);
      assert.equal(agent.ui('en').rendered, 'waters below 30 % · runs: 1');
      assert.equal(agent.ui('de').rendered, 'gießt unter 30 % · Läufe: 1');
    });

    it('finds its way through names and texts of any kind', () => {
      const noise = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
      fc.assert(
        fc.property(
          noise,
          noise,
          fc.double({ min: -50, max: 29, noNaN: true }),
          (before, after, moisture) => {
            const reading = { before, '\\"moisture': 99, moisture, after } as unknown as Partial<Reading>;
            assert.equal(started().read(reading).code, 'dry');
          },
        ),
      );
    });

    it('answers a thousand readings without running out of memory', () => {
      const agent = started({ pauseMs: 0 });
      for (let n = 0; n < 1_000; n++) agent.read({ moisture: n % 100 }).pass(MINUTE);
      assert.ok(agent.state.runs > 200);
    });
  });
}
