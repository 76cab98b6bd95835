import assert from 'node:assert/strict';
import { type ChaosOutcome, ChaosRunner } from '../../scripts/chaos/run-scenarios.ts';
import type { Scenario } from '../../scripts/chaos/scenario.ts';
import { scenarios } from '../../scripts/chaos/scenarios/all.ts';
import { brokenPromises } from '../../scripts/chaos/verdict.ts';

/** A tenth of what `npm run test:long` does. */
const KILLS = 20;
/** Scenarios wait for most of their time: so some run at once. */
const AT_ONCE = 3;
const SEED = 20_260_601;
const WITHIN_MS = 180_000;

describe(`chaos: ${KILLS} kills, and every other trouble once`, function () {
  this.timeout(WITHIN_MS);
  const runners: ChaosRunner[] = [];
  const outcomes = new Map<string, Promise<ChaosOutcome>>();

  before('begin', () => {
    const killing = scenarios.filter(({ share }) => share > 0);
    const shares = killing.reduce((sum, { share }) => sum + share, 0);
    const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
    for (const [index, scenario] of scenarios.entries()) {
      const kills = scenario.share === 0 ? 1 : Math.round((KILLS * scenario.share) / shares);
      const outcome = (lanes[index % AT_ONCE] as Promise<unknown>).then(() => runOne(scenario, kills));
      lanes[index % AT_ONCE] = outcome;
      outcomes.set(scenario.name, outcome);
    }
  });
  after('end what is left', () => Promise.all(runners.map((runner) => runner.tearDown())));

  async function runOne(scenario: Scenario, kills: number): Promise<ChaosOutcome> {
    const runner = new ChaosRunner();
    runners.push(runner);
    const quiet = { progress: () => undefined, onOutcome: () => undefined };
    const [outcome] = await runner.runAll({ scenarios: [scenario], kills, seed: SEED, ...quiet });
    assert.ok(outcome);
    return outcome;
  }

  for (const { name, title } of scenarios) {
    it(`keeps every promise: ${title}`, async () => {
      const outcome = await outcomes.get(name);
      assert.ok(outcome);
      if ('lack' in outcome) {
        // The packages are installed for the tests; only the right to mount may be missing.
        assert.match(outcome.lack, /may not mount/);
        return;
      }
      assert.deepEqual(brokenPromises(outcome), []);
      assert.ok('result' in outcome && outcome.result.acknowledged > 0);
    });
  }

  it('has killed as often as it says', async () => {
    let kills = 0;
    for (const { name, share } of scenarios) {
      const outcome = await outcomes.get(name);
      if (share > 0 && outcome !== undefined && 'result' in outcome) kills += outcome.result.kills;
    }
    assert.equal(kills, KILLS);
  });
});
