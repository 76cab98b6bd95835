import process from 'node:process';
import { SHOW_CURSOR } from './display/ansi.ts';
import { parseOptions, type SimulatorOptions, USAGE, UsageError } from './options.ts';
import { UnreachableError } from './ripe-client.ts';
import { simulate } from './simulation.ts';
import { chooseView } from './terminal.ts';

const SAME_INTERRUPT_MS = 300;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args, process.env);
    if (options.isHelp) {
      console.log(USAGE);
      return 0;
    }
    return await runSimulation(options);
  } catch (error) {
    console.error(errorText(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function runSimulation(options: SimulatorOptions): Promise<number> {
  const ending = endingOf(options.durationSeconds);
  let isPatienceAsked = false;
  const isClean = await simulate({
    options,
    signal: ending.signal,
    chooseView: (garden) => chooseView(options, garden),
    onStarting() {
      if (!isPatienceAsked) console.error(`RIPE at ${options.url} is starting; waiting for it`);
      isPatienceAsked = true;
    },
  }).catch((error: unknown) => {
    if (ending.signal.aborted) return true;
    throw error;
  });
  ending.forget();
  return isClean ? 0 : 1;
}

/** Ends at the wanted time, at Ctrl-C, or when nobody reads the output any more. */
function endingOf(durationSeconds: number | null): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const end = () => controller.abort();
  const timer = durationSeconds === null ? undefined : setTimeout(end, durationSeconds * 1000);
  let firstAskedAt: number | null = null;
  const interrupt = () => {
    firstAskedAt ??= Date.now();
    // A person who asks twice does not want to wait for the deletion of the sensors. One Ctrl-C under npm may
    // arrive twice, from the terminal and from npm.
    if (Date.now() - firstAskedAt > SAME_INTERRUPT_MS) process.exit(130);
    end();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.stdout.on('error', end);
  process.on('exit', () => {
    if (process.stdout.isTTY) process.stdout.write(SHOW_CURSOR);
  });
  return { signal: controller.signal, forget: () => clearTimeout(timer) };
}

function errorText(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}. See npm run simulate -- --help`;
  if (error instanceof UnreachableError)
    return `${error.message}; start it with npm start, or say where it is with --url`;
  return `RIPE refused: ${(error as Error).message}`;
}
