import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of the cases to run, in the order asked for. */
  readonly cases: readonly string[];
  /** No case was named, so all are run, and listed before. */
  readonly isAll: boolean;
  readonly jsonFile: string | null;
  /** The figures and charts of the cases go into docs/performance.md. */
  readonly writesDocs: boolean;
  readonly isHelp: boolean;
}

/** What the person who called asked for cannot be done: the message names the option or case. */
export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}

const OPTIONS = {
  json: { type: 'string' },
  'write-docs': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseBenchOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseBenchArgs(args);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new BenchUsageError(`Unknown case "${unknown}"; there are: ${known.join(', ')}`);
  }
  if (values.json === '') throw new BenchUsageError('--json needs the name of a file');
  return {
    cases: positionals.length > 0 ? [...new Set(positionals)] : known,
    isAll: positionals.length === 0,
    jsonFile: values.json ?? null,
    writesDocs: values['write-docs'] === true,
    isHelp: values.help === true,
  };
}

function parseBenchArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    // Node adds advice after the first sentence; it is about its own conventions.
    const [sentence = ''] = (error as Error).message.split(/\. |\n/);
    throw new BenchUsageError(sentence.replace(/^Option '.*(--json).*$/, '$1 needs the name of a file'));
  }
}
