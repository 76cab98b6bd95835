import type { ChaosContext, ChaosResult, Scenario } from './scenario.ts';
import { Random } from './support/random.ts';

export type ChaosOutcome = Pick<Scenario, 'name' | 'title'> &
  ({ readonly result: ChaosResult } | { readonly lack: string } | { readonly error: string });

export interface ChaosPlan {
  readonly scenarios: readonly Scenario[];
  readonly kills: number;
  readonly seed: number;
  readonly progress: (text: string) => void;
  readonly onOutcome: (outcome: ChaosOutcome) => void;
}

const KILLS_PER_ROUND = 50;
const MOST_ROUNDS = 5;
/** A broker is back sooner than RIPE is. */
const BROKER_KILLS_PER_KILL = 5;

/** Runs scenarios one after the other; whatever one started is ended with it. */
export class ChaosRunner {
  readonly #teardowns: (() => Promise<unknown> | unknown)[] = [];

  async runAll({ scenarios, kills, seed, progress, onOutcome }: ChaosPlan): Promise<ChaosOutcome[]> {
    const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
    const outcomes: ChaosOutcome[] = [];
    for (const [index, scenario] of scenarios.entries()) {
      const { name, share } = scenario;
      progress(scenario.title);
      const outcome = await this.#run(scenario, {
        // By its name, so that one that is run alone draws the same numbers.
        random: new Random(seed ^ hashOf(name)),
        kills: share === 0 ? 0 : killsOf(scenarios, index, kills / shares),
        rounds: Math.min(MOST_ROUNDS, Math.ceil(kills / KILLS_PER_ROUND)),
        brokerKills: kills * BROKER_KILLS_PER_KILL,
        onEnd: (teardown) => this.#teardowns.push(teardown),
        progress: (text) => progress(`${name}: ${text}`),
      });
      outcomes.push(outcome);
      onOutcome(outcome);
    }
    return outcomes;
  }

  /** Ends what a scenario has started; also called when the whole run is interrupted. */
  async tearDown(): Promise<void> {
    for (const teardown of this.#teardowns.splice(0).reverse()) {
      await Promise.resolve(teardown()).catch(() => undefined);
    }
  }

  async #run(scenario: Scenario, context: ChaosContext): Promise<ChaosOutcome> {
    const { name, title } = scenario;
    try {
      const lack = await scenario.lacks();
      return lack === null ? { name, title, result: await scenario.run(context) } : { name, title, lack };
    } catch (error) {
      return { name, title, error: (error as Error).message };
    } finally {
      await this.tearDown();
    }
  }
}

/** Whole kills that add up to all of them. */
function killsOf(scenarios: readonly Scenario[], index: number, perShare: number): number {
  const until = (end: number) =>
    Math.round(scenarios.slice(0, end).reduce((sum, { share }) => sum + share, 0) * perShare);
  return until(index + 1) - until(index);
}

function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}
