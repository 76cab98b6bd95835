import assert from 'node:assert/strict';
import { type ChaosOutcome, ChaosRunner } from '../../scripts/chaos/run-scenarios.ts';
import type { Scenario } from '../../scripts/chaos/scenario.ts';
import { scenarios as all } from '../../scripts/chaos/scenarios/all.ts';
import { brokenPromises } from '../../scripts/chaos/verdict.ts';

/** A tenth of what `npm run test:long` does. */
const KILLS = 20;
/** Scenarios wait for half of their time: so some run at once. */
const AT_ONCE = 2;
const SEED = 20_260_601;
const WITHIN_MS = 180_000;

/** Full disks, lost databases, frozen brokers and odd clocks take longer: they are part of the long run only. */
const scenarios = all.filter(({ share }) => share > 0);

describe(`chaos: ${KILLS} kills`, function () {
  this.timeout(WITHIN_MS);
  const runners: ChaosRunner[] = [];
  const outcomes = new Map(
    scenarios.map(({ name }) => [name, Promise.withResolvers<ChaosOutcome>()] as const),
  );

  before('begin', () => {
    const waiting = [...scenarios];
    for (let lane = 0; lane < AT_ONCE; lane++) void work(waiting);
  });
  after('end what is left', () => Promise.all(runners.map((runner) => runner.tearDown())));

  /** Each takes the next one as soon as it is free. */
  async function work(waiting: Scenario[]): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { name } = next;
      await runOne(next, killsOf(next)).then(
        (outcome) => outcomes.get(name)?.resolve(outcome),
        (error) => outcomes.get(name)?.reject(error),
      );
    }
  }

  function killsOf({ share }: Scenario): number {
    const shares = scenarios.reduce((sum, each) => sum + each.share, 0);
    return Math.round((KILLS * share) / shares);
  }

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
      const outcome = await outcomes.get(name)?.promise;
      assert.ok(outcome);
      assert.deepEqual(brokenPromises(outcome), []);
      assert.ok('result' in outcome && outcome.result.acknowledged > 0);
    });
  }

  it('has killed as often as it says', async () => {
    let kills = 0;
    for (const { name } of scenarios) {
      const outcome = await outcomes.get(name)?.promise;
      if (outcome !== undefined && 'result' in outcome) kills += outcome.result.kills;
    }
    assert.equal(kills, KILLS);
  });
});
