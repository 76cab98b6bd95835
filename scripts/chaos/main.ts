import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { type ChaosOptions, ChaosUsageError, parseOptions, usage } from './options.ts';
import { type ChaosOutcome, ChaosRunner } from './run-scenarios.ts';
import { scenarios } from './scenarios/all.ts';
import { renderMarkdown, renderOutcome, renderTable } from './table.ts';
import { brokenPromises } from './verdict.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args, scenarios);
    if (options.isHelp) {
      console.log(usage(scenarios));
      return 0;
    }
    return await runChaos(options);
  } catch (error) {
    console.error((error as Error).message);
    return error instanceof ChaosUsageError ? 2 : 1;
  }
}

async function runChaos({ kills, only, seed, jsonFile, isMarkdown, mayLack }: ChaosOptions): Promise<number> {
  const startedAt = new Date();
  const runner = new ChaosRunner();
  tearDownOnInterrupt(runner);
  // Progress is no result: a pipe gets the figures only.
  console.error(`Seed ${seed}, ${kills} kills`);
  const outcomes = await runner.runAll({
    scenarios: scenarios.filter(({ name }) => only.length === 0 || only.includes(name)),
    kills,
    seed,
    progress: (text) => console.error(text),
    onOutcome: (outcome) => console.error(`${renderOutcome(outcome)}\n`),
  });
  console.log(isMarkdown ? renderMarkdown(outcomes) : renderTable(outcomes));
  if (jsonFile !== null) await writeReport(jsonFile, { startedAt, seed, kills, outcomes });
  return sayVerdict(outcomes, mayLack);
}

function sayVerdict(outcomes: readonly ChaosOutcome[], mayLack: boolean): number {
  const broken = outcomes.flatMap((outcome) =>
    brokenPromises(outcome).map((line) => `${outcome.name}: ${line}`),
  );
  const lacks = outcomes.flatMap((outcome) =>
    'lack' in outcome ? [`${outcome.name}: ${outcome.lack}`] : [],
  );
  for (const line of lacks) console.error(`NOT RUN  ${line}`);
  for (const line of broken) console.error(`BROKEN   ${line}`);
  if (broken.length === 0) console.error('Every promise that was put to the test was kept.');
  return broken.length > 0 || (lacks.length > 0 && !mayLack) ? 1 : 0;
}

async function writeReport(
  file: string,
  {
    startedAt,
    ...figures
  }: { startedAt: Date; seed: number; kills: number; outcomes: readonly ChaosOutcome[] },
): Promise<void> {
  const [cpu] = cpus();
  const machine = {
    node: process.version,
    platform: process.platform,
    cpu: cpu?.model ?? '',
    cores: cpus().length,
  };
  const report = { startedAt: startedAt.toISOString(), ...machine, ...figures };
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** What a scenario started would otherwise outlive it: brokers, databases, mounts. */
function tearDownOnInterrupt(runner: ChaosRunner): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void runner.tearDown().finally(() => process.exit(130)));
  }
}
