import path from 'node:path';
import process from 'node:process';
import { cases } from './cases/all.ts';
import type { BenchCase, BenchOutcome } from './harness/bench-case.ts';
import { writeDocs } from './harness/docs.ts';
import { type BenchOptions, BenchUsageError, parseBenchOptions } from './harness/options.ts';
import { createReport, writeReport } from './harness/report.ts';
import { BenchRunner } from './harness/run-cases.ts';
import { renderOutcome } from './harness/table.ts';
import { brokerName } from './support/broker.ts';

const USAGE = `Measures RIPE. Usage: npm run bench -- [case …] [--json FILE] [--write-docs]

Cases (all are run when none is named):
${caseList(cases)}

Read ratios, not absolute figures: see bench/README.md.`;

const docs = path.resolve(import.meta.dirname, '../docs');
const DOCS = {
  page: path.join(docs, 'performance.md'),
  figures: path.join(docs, 'performance.json'),
  images: path.join(docs, 'images'),
};

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseBenchOptions(
      args,
      cases.map(({ name }) => name),
    );
    if (options.isHelp) {
      console.log(USAGE);
      return 0;
    }
    return await runBench(options);
  } catch (error) {
    console.error((error as Error).message);
    return error instanceof BenchUsageError ? 2 : 1;
  }
}

async function runBench(options: BenchOptions): Promise<number> {
  const startedAt = new Date();
  if (options.isAll) console.log(`Cases:\n${caseList(cases)}\n`);
  console.error(`Broker: ${brokerName()}`);
  const runner = new BenchRunner({
    // Progress is no result: a pipe gets the figures only.
    progress: (text) => console.error(text),
    onOutcome: (outcome) => console.log(`${renderOutcome(outcome)}\n`),
  });
  tearDownOnInterrupt(runner);
  const outcomes = await runner.runAll(
    options.cases.flatMap((name) => cases.filter((one) => one.name === name)),
  );
  const report = createReport(startedAt, outcomes);
  if (options.jsonFile !== null) await writeReport(options.jsonFile, report);
  if (options.writesDocs) await writeDocs(DOCS, report);
  return outcomes.some(isFailed) ? 1 : 0;
}

/** What a case started would otherwise outlive it. */
function tearDownOnInterrupt(runner: BenchRunner): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void runner.tearDown().finally(() => process.exit(130)));
  }
}

function isFailed(outcome: BenchOutcome): boolean {
  return 'error' in outcome;
}

function caseList(all: readonly BenchCase[]): string {
  return all.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n');
}
