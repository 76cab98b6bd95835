import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';

export interface ChaosOptions {
  readonly kills: number;
  readonly only: readonly string[];
  readonly seed: number;
  readonly jsonFile: string | null;
  readonly isMarkdown: boolean;
  /** What the machine lacks is no failure. */
  readonly mayLack: boolean;
  readonly isHelp: boolean;
}

export class ChaosUsageError extends Error {
  override readonly name = 'ChaosUsageError';
}

const DEFAULT_KILLS = 40;
const MOST_KILLS = 10_000;

const OPTIONS = {
  kills: { type: 'string' },
  only: { type: 'string', multiple: true },
  scenario: { type: 'string', multiple: true },
  seed: { type: 'string' },
  json: { type: 'string' },
  markdown: { type: 'boolean' },
  'may-lack': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function usage(scenarios: readonly Scenario[]): string {
  const list = scenarios.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join('\n');
  return `Breaks RIPE, and looks what is lost. Usage: npm run chaos -- [options]

  --kills N      SIGKILLs of RIPE, shared out among the scenarios that kill (default ${DEFAULT_KILLS})
  --only NAME    one scenario; may be given several times
  --seed S       repeats the random moments of an earlier run (default: a new one, which is printed)
  --json FILE    the figures as JSON, too
  --markdown     the table as Markdown, for docs/reliability.md
  --may-lack     what this machine lacks is named, but no failure
  --help         this text

Scenarios (all, unless --only is given):
${list}

Exit codes: 0 all promises were kept, 1 one was not, or a scenario could not run, 2 bad option.`;
}

export function parseOptions(args: readonly string[], scenarios: readonly Scenario[]): ChaosOptions {
  const values = parse(args);
  const only = [...(values.only ?? []), ...(values.scenario ?? [])];
  for (const name of only) {
    if (scenarios.every((scenario) => scenario.name !== name)) {
      throw new ChaosUsageError(`no scenario is called "${name}"; --help lists them`);
    }
  }
  return {
    kills: wholeNumber('--kills', values.kills, MOST_KILLS) ?? DEFAULT_KILLS,
    only,
    seed: wholeNumber('--seed', values.seed, 2 ** 32 - 1) ?? Math.floor(Math.random() * 1_000_000),
    jsonFile: values.json ?? null,
    isMarkdown: values.markdown === true,
    mayLack: values['may-lack'] === true,
    isHelp: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ChaosUsageError((error as Error).message.split('. ')[0]);
  }
}

function wholeNumber(option: string, text: string | undefined, highest: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= highest) return Number(text);
  throw new ChaosUsageError(`${option} must be a whole number up to ${highest}, not "${text}"`);
}
