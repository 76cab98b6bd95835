import { setTimeout as pause } from 'node:timers/promises';
import Type, { type Static, type TSchema } from 'typebox';
import { type ConfigValue, ConfigValue as ConfigValueSchema } from '../../src/domain/agent/settings-form.ts';
import { type Check, compileCheck } from '../../src/domain/check.ts';

const Broker = Type.Object({
  scheme: Type.String(),
  host: Type.String(),
  port: Type.Integer(),
  credentials: Type.Union([Type.Null(), Type.Object({ username: Type.String(), password: Type.String() })]),
});
const Brokers = Type.Object({ items: Type.Array(Broker) });
const Credentials = Type.Object({ id: Type.Integer(), key: Type.String(), broker: Brokers });
const Status = Type.Object({
  agents: Type.Array(Type.Object({ domain: Type.String(), agent_name: Type.String() })),
  broker: Brokers,
});
const Health = Type.Object({ healthy: Type.Boolean(), sensor_count: Type.Integer() });
const Config = Type.Record(Type.String(), Type.Tuple([Type.String(), ConfigValueSchema]));

export type Broker = Static<typeof Broker>;
export type Credentials = Static<typeof Credentials>;
export type Status = Static<typeof Status>;
export type Health = Static<typeof Health>;
export type Config = Static<typeof Config>;

const checkCredentials = compileCheck(Credentials, 'answer');
const checkStatus = compileCheck(Status, 'answer');
const checkHealth = compileCheck(Health, 'answer');
const checkConfig = compileCheck(Config, 'answer');

/** Nothing answers, or what answers is no RIPE. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** RIPE answered, and refused. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

export interface RipeClientOptions {
  readonly url: string;
  /** Ends waiting and reading; no further request is sent. */
  readonly signal?: AbortSignal;
  /** RIPE answers 503, so the request is tried again for a while. */
  readonly onStarting?: () => void;
}

const STARTING_FOR_MS = 30_000;
const RETRY_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 10_000;

interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly key?: string;
  readonly body?: unknown;
}

export type RipeClient = ReturnType<typeof createRipeClient>;

/** RIPE's HTTP interface (protocol §3) as a device or a script uses it. */
export function createRipeClient(options: RipeClientOptions) {
  const ask = <Schema extends TSchema>(check: Check<Schema>, request: Request) =>
    askFor(options, check, request);
  return {
    health: () => ask(checkHealth, { method: 'GET', path: '/api/health' }),
    registerSensor: (name: string) =>
      ask(checkCredentials, { method: 'POST', path: '/api/sensor', body: { name } }),
    deleteSensor: ({ id, key }: Credentials) =>
      send(options, { method: 'DELETE', path: '/api/sensor', body: { id, key, broker: { items: [] } } }),
    status: ({ id, key }: Credentials) => ask(checkStatus, { method: 'GET', path: `/api/sensor/${id}`, key }),
    registerAgent: ({ id, key }: Credentials, domain: string, agentName: string) =>
      send(options, {
        method: 'POST',
        path: `/api/agent/${id}`,
        key,
        body: { domain, agent_name: agentName },
      }),
    config: ({ id, key }: Credentials, domain: string) =>
      ask(checkConfig, { method: 'GET', path: `${agentPath(id, domain)}/config`, key }),
    setConfig: ({ id, key }: Credentials, domain: string, body: Record<string, ConfigValue>) =>
      send(options, { method: 'POST', path: `${agentPath(id, domain)}/config`, key, body }),
    command: ({ id, key }: Credentials, domain: string, payload: number) =>
      send(options, { method: 'POST', path: agentPath(id, domain), key, body: { payload } }),
  };
}

/** The domain is base64 with padding, and is not escaped any further (protocol §2.2). */
function agentPath(sensor: number, domain: string): string {
  return `/api/agent/${sensor}/${Buffer.from(domain).toString('base64')}`;
}

async function askFor<Schema extends TSchema>(
  options: RipeClientOptions,
  check: Check<Schema>,
  request: Request,
): Promise<Static<Schema>> {
  const answer = await send(options, request);
  try {
    return check(answer);
  } catch (error) {
    const reason = `${request.path}: ${(error as Error).message}`;
    throw new UnreachableError(`What answers at ${options.url} is no RIPE (${reason})`);
  }
}

async function send(options: RipeClientOptions, request: Request): Promise<unknown> {
  const until = Date.now() + STARTING_FOR_MS;
  for (;;) {
    const response = await fetchOnce(options, request);
    if (response.ok) return await jsonOf(response);
    // Registering hundreds takes minutes: no address may do more at once.
    const retryMs = response.status === 429 ? 1_000 * Number(response.headers.get('retry-after') ?? 1) : 0;
    if (retryMs === 0 && (response.status !== 503 || Date.now() >= until)) throw await refusal(response);
    await response.body?.cancel();
    if (retryMs === 0) options.onStarting?.();
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    await pause(retryMs || RETRY_EVERY_MS, undefined, signal);
  }
}

async function fetchOnce(options: RipeClientOptions, request: Request): Promise<Response> {
  options.signal?.throwIfAborted();
  const init: RequestInit = {
    method: request.method,
    headers: {
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(request.key === undefined ? {} : { 'x-key': request.key }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: endOf(options, request),
  };
  try {
    return await fetch(options.url + request.path, init);
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    throw new UnreachableError(`No RIPE answers at ${options.url}`, { cause });
  }
}

/** A change is never given up half way: a sensor whose credentials got lost could not be deleted any more. */
function endOf({ signal }: RipeClientOptions, { method }: Request): AbortSignal {
  const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return signal !== undefined && method === 'GET' ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Some answer of something that is no RIPE reads as null here; the check of the answer then says so. */
async function jsonOf(response: Response): Promise<unknown> {
  return await response.json().catch(() => undefined);
}

async function refusal(response: Response): Promise<Error> {
  const body = (await jsonOf(response)) as { error?: unknown } | null | undefined;
  const text = typeof body?.error === 'string' ? body.error : response.statusText;
  return new RefusedError(response.status, text);
}
