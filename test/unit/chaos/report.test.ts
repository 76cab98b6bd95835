import assert from 'node:assert/strict';
import { parseOptions } from '../../../scripts/chaos/options.ts';
import { type ChaosOutcome, ChaosRunner } from '../../../scripts/chaos/run-scenarios.ts';
import type { ChaosContext, ChaosResult, Scenario } from '../../../scripts/chaos/scenario.ts';
import { renderMarkdown, renderOutcome, renderTable } from '../../../scripts/chaos/table.ts';
import { brokenPromises } from '../../../scripts/chaos/verdict.ts';

const GOOD: ChaosResult = {
  kills: 5,
  acknowledged: 80,
  lostChanges: [],
  readings: { taken: 900, lost: 3, lostOutsideTick: 0 },
  devices: [{ kind: 'legacy', runs: 40, late: 0, longestOverrunMs: 33.4 }],
  recoveriesMs: [2_000, 900, 1_000],
  broken: [],
};

const scenario = (parts: Partial<Scenario> = {}): Scenario => ({
  name: 'kill',
  title: 'SIGKILL',
  share: 1,
  lacks: () => null,
  run: async () => GOOD,
  ...parts,
});
const outcome = (result: Partial<ChaosResult> = {}): ChaosOutcome => ({
  name: 'kill',
  title: 'SIGKILL',
  result: { ...GOOD, ...result },
});

async function run(scenarios: readonly Scenario[], kills = 20) {
  const runner = new ChaosRunner();
  return runner.runAll({ scenarios, kills, seed: 1, progress: () => undefined, onOutcome: () => undefined });
}

describe('the options of npm run chaos', () => {
  const scenarios = [scenario()];

  it('have defaults, and a new seed each time', () => {
    const { kills, only, jsonFile, mayLack } = parseOptions([], scenarios);
    assert.deepEqual(
      { kills, only, jsonFile, mayLack },
      { kills: 40, only: [], jsonFile: null, mayLack: false },
    );
  });

  it('take what is said', () => {
    const args = ['--kills', '7', '--only', 'kill', '--seed', '3', '--json', 'a.json', '--may-lack'];
    const { kills, only, seed, jsonFile, mayLack } = parseOptions(args, scenarios);
    assert.deepEqual([kills, only, seed, jsonFile, mayLack], [7, ['kill'], 3, 'a.json', true]);
  });

  for (const args of [['--kills', 'many'], ['--kills', '-1'], ['--only', 'nothing'], ['--fast'], ['more']]) {
    it(`refuse ${args.join(' ')}`, () => {
      assert.throws(() => parseOptions(args, scenarios), { name: 'ChaosUsageError' });
    });
  }
});

describe('a run of scenarios', () => {
  it('shares the kills out by their shares, to the last one', async () => {
    const killed: number[] = [];
    const note = async ({ kills }: ChaosContext) => {
      killed.push(kills);
      return GOOD;
    };
    await run(
      [0.5, 0.25, 0, 0.25].map((share) => scenario({ share, run: note })),
      21,
    );
    assert.equal(
      killed.reduce((sum, kills) => sum + kills),
      21,
    );
    assert.equal(killed[2], 0);
  });

  it('names what the machine lacks, and goes on', async () => {
    const lacking = scenario({ lacks: () => 'mosquitto is missing' });
    const [first, second] = await run([lacking, scenario()]);
    assert.deepEqual(first, { name: 'kill', title: 'SIGKILL', lack: 'mosquitto is missing' });
    assert.ok(second !== undefined && 'result' in second);
  });

  it('ends what a scenario has started, the latest first, also when it fails', async () => {
    const ended: string[] = [];
    const failing = scenario({
      async run({ onEnd }) {
        onEnd(() => ended.push('broker'));
        onEnd(() => Promise.reject(new Error('gone already')));
        onEnd(() => ended.push('RIPE'));
        throw new Error('no port');
      },
    });
    const [result] = await run([failing]);
    assert.deepEqual(ended, ['RIPE', 'broker']);
    assert.deepEqual(result && brokenPromises(result), ['no port']);
  });
});

describe('the verdict', () => {
  it('is good where every promise was kept; readings of the last tick are no promise', () => {
    assert.deepEqual(brokenPromises(outcome()), []);
  });

  for (const [what, result] of [
    ['a lost change', { lostChanges: ['the fan is 1'] }],
    ['a reading lost outside the tick', { readings: { taken: 9, lost: 2, lostOutsideTick: 1 } }],
    ['a late actuator', { devices: [{ kind: 'envelope', runs: 1, late: 1, longestOverrunMs: 4_000 }] }],
    ['a promise of the scenario', { broken: ['no change was refused'] }],
  ] as const) {
    it(`names ${what}`, () => assert.equal(brokenPromises(outcome(result)).length, 1));
  }
});

describe('the table', () => {
  it('has a line per scenario, with the same columns for a terminal and as Markdown', () => {
    const outcomes = [outcome(), { name: 'disk', title: 'full', lack: 'no mount' } as const];
    const [head, rule, kill, disk] = renderMarkdown(outcomes).split('\n');
    assert.equal(head?.split('|').length, kill?.split('|').length);
    assert.equal(rule?.split('|').length, kill?.split('|').length);
    assert.match(
      kill ?? '',
      /^\| kill \| SIGKILL \| 5 \| 80 \| 0 \| 900 \| 3 \| 0 \| 40 \| 0 \| 33 ms \| – \| – \| 1\.0 s \| 2\.0 s \|$/,
    );
    assert.match(disk ?? '', /not run: no mount/);
    assert.equal(renderTable(outcomes).split('\n').length, 3);
  });

  it('says at once what is broken', () => {
    assert.match(
      renderOutcome(outcome({ broken: ['no change was refused'] })),
      /BROKEN: no change was refused/,
    );
  });
});
