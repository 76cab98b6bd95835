import { parseArgs } from 'node:util';

export interface SimulatorOptions {
  /** Base address of RIPE, without a slash at its end. */
  readonly url: string;
  readonly sensors: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
  readonly name: string;
  /** Real seconds until the simulation ends by itself; null: until it is interrupted. */
  readonly durationSeconds: number | null;
  readonly isJson: boolean;
  readonly isKept: boolean;
  /** Devices that know command vectors only. */
  readonly isLegacy: boolean;
  readonly isHelp: boolean;
}

/** What the person who called asked for cannot be done: the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const DEFAULT_PORT = 1880;
const MOST_SENSORS = 500;
const MOST_SPEED = 600;

export const USAGE = `Simulates a garden: sensors that talk to a running RIPE over HTTP and MQTT, in dry soil with a pump.

Usage: npm run simulate -- [options]

  --sensors N         number of sensors, 1 to ${MOST_SENSORS} (default 3)
  --speed X           simulated seconds per real second, 1 to ${MOST_SPEED} (default 60)
  --url URL           where RIPE answers (default http://127.0.0.1:PORT, PORT from the environment or ${DEFAULT_PORT})
  --name TEXT         name of the sensors; each gets a number too (default "Simulated tomato")
  --duration SECONDS  end after so many real seconds (default: until Ctrl-C)
  --keep              leave the sensors in RIPE at the end (default: delete them)
  --legacy            devices that know command vectors only (default: they honour envelopes)
  --json              one JSON object per line instead of the table (fields: scripts/simulate/README.md)
  --help              this text

Exit codes: 0 ended as asked, 1 RIPE cannot be reached or refused, 2 bad option, 130 interrupted twice.`;

const OPTIONS = {
  sensors: { type: 'string' },
  speed: { type: 'string' },
  url: { type: 'string' },
  name: { type: 'string' },
  duration: { type: 'string' },
  keep: { type: 'boolean' },
  legacy: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv): SimulatorOptions {
  const values = parseValues(args);
  const isHelp = values.help === true;
  return {
    // Whoever asks for help gets it, also where PORT or another option is wrong.
    url: isHelp ? '' : urlOf(values.url, env.PORT),
    sensors: isHelp ? 0 : (numberOf('--sensors', values.sensors, 1, MOST_SENSORS, true) ?? 3),
    speed: isHelp ? 0 : (numberOf('--speed', values.speed, 1, MOST_SPEED, false) ?? 60),
    name: isHelp ? '' : nameOf(values.name ?? 'Simulated tomato'),
    durationSeconds: isHelp ? null : numberOf('--duration', values.duration, 1, 1_000_000, false),
    isJson: values.json === true,
    isKept: values.keep === true,
    isLegacy: values.legacy === true,
    isHelp,
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(plainReason((error as Error).message));
  }
}

/** Node's text without its advice about positionals, which does not apply here, and naming the long option only. */
function plainReason(message: string): string {
  const [sentence = ''] = message.split(/\. |\n/);
  return sentence
    .replace(/^Option '(?:-\w, )?(--\w+)[^']*'/, '$1')
    .replace(/ argument (missing|is ambiguous)\.?$/, ' needs a value')
    .replace(/\.$/, '');
}

function numberOf(
  option: string,
  text: string | undefined,
  lowest: number,
  highest: number,
  isWhole: boolean,
): number | null {
  if (text === undefined) return null;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= lowest && value <= highest && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new UsageError(`${option} must be ${kind} from ${lowest} to ${highest}, not "${text}"`);
}

function nameOf(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= 60 && !/\p{Cc}/u.test(name)) return name;
  throw new UsageError('--name must be 1 to 60 characters without line breaks');
}

function urlOf(text: string | undefined, port: string | undefined): string {
  if (text === undefined) return `http://127.0.0.1:${portOf(port)}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && url.username === '' && url.search === '' && url.hash === '';
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
  throw new UsageError(`--url must be an http:// or https:// address, not "${text}"`);
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(`PORT in the environment must be from 1 to 65535, not "${text}"; or give --url`);
}
