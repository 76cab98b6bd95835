/**
 * Every error that leaves RIPE, in one table: code, HTTP status and text.
 * `docs/errors.md` is compared with this table in both directions by a test.
 */
export const ERRORS = {
  RIPE_AUTH_ADMIN: {
    status: 401,
    text: 'This route needs the administrator token: Authorization: Bearer <token>',
  },
  RIPE_AUTH_SENSOR: { status: 400, text: 'Unknown sensor, wrong key or unknown agent' },
  RIPE_AGENT_TYPE_UNKNOWN: { status: 400, text: 'agent_name: no agent type is called {name}' },
  RIPE_AGENT_EXISTS: { status: 400, text: 'domain: this sensor already has an agent called {domain}' },
  RIPE_AGENT_LIMIT: { status: 400, text: 'domain: a sensor has at most {limit} agents' },
  RIPE_AGENT_UNKNOWN: { status: 400, text: 'domain: sensor {sensor} has no agent {domain}' },
  RIPE_AGENT_TYPE_TAKEN: {
    status: 500,
    text: 'Another ripe-agent-in makes an agent type called {name} already',
  },
  RIPE_BODY_CONTENT_TYPE: { status: 415, text: 'Content-Type must be application/json' },
  RIPE_BODY_ENCODING: { status: 415, text: 'Content-Encoding must be absent or identity' },
  RIPE_BODY_JSON: { status: 400, text: 'body: not valid JSON' },
  RIPE_BODY_TOO_LARGE: { status: 413, text: 'body: larger than {limit} bytes' },
  RIPE_BODY_TIMEOUT: { status: 408, text: 'body: not complete after {seconds} s' },
  RIPE_BROKER_INVALID: { status: 400, text: 'brokers: {reason}' },
  RIPE_DECISION_INVALID: { status: 500, text: '{field}: {reason}' },
  RIPE_FIELD_INVALID: { status: 400, text: '{field}: {reason}' },
  RIPE_FORCE_REFUSED: { status: 400, text: 'The agent {domain} did not do it: {reason}' },
  RIPE_FORCE_UNFIT: { status: 400, text: 'The agent {domain} cannot do that: {reason}' },
  RIPE_GARDEN_IN_USE: { status: 500, text: 'Another ripe-sensor-runtime already serves this garden' },
  RIPE_GARDEN_MISSING: { status: 500, text: 'No ripe-garden is chosen in the dialog of this node' },
  RIPE_INTERNAL: { status: 500, text: 'Internal error' },
  RIPE_JOB_INVALID: { status: 400, text: '{field}: {reason}' },
  RIPE_KEY_LIMIT: {
    status: 429,
    text: 'The key of this sensor was changed {limit} times, and no broker has been told yet; try again later',
  },
  RIPE_JOB_REFUSED: { status: 400, text: 'The hard limits of this agent do not allow the run: {reason}' },
  RIPE_JOB_UNKNOWN: { status: 400, text: 'job: this sensor has no job of that id' },
  RIPE_METHOD_NOT_ALLOWED: { status: 405, text: 'This path takes {methods} only' },
  RIPE_PATH_INVALID: { status: 400, text: 'path: malformed percent escape' },
  RIPE_PLUGIN_INVALID: { status: 400, text: '{plugin}: {reason}' },
  RIPE_PLUGIN_LOADER_MISSING: { status: 503, text: 'No ripe-plugin-loader is at work in this garden' },
  RIPE_PLUGIN_TIMEOUT: { status: 500, text: '{plugin}: no answer within {ms} ms' },
  RIPE_PLUGINS_UNWRITTEN: {
    status: 503,
    text: 'What is remembered of plugins cannot be written: {reason}',
  },
  RIPE_PORT_IN_USE: { status: 500, text: 'port {port} is in use ({setting})' },
  RIPE_QUESTION_LOST: {
    status: 400,
    text: 'This message has lost the question that it answers: change the message of ripe-agent-in and send that one on, as between http in and http response',
  },
  RIPE_RATE_LIMITED: { status: 429, text: 'Too many calls; try again in {seconds} s' },
  RIPE_REGISTRATION_CLOSED: { status: 403, text: 'This garden takes no new sensors' },
  RIPE_REQUEST_ABORTED: { status: 400, text: 'body: the request ended early' },
  RIPE_RUNTIME_MISSING: { status: 503, text: 'No ripe-sensor-runtime is at work in this garden' },
  RIPE_SENSOR_AMBIGUOUS: { status: 400, text: 'sensor: {count} sensors are called {name}' },
  RIPE_SENSOR_LIMIT: { status: 403, text: 'This garden takes no more than {limit} sensors' },
  RIPE_SENSOR_UNKNOWN: { status: 400, text: 'sensor: this garden has no sensor {sensor}' },
  RIPE_STREAM_LIMIT: { status: 429, text: 'There are {limit} live streams already; close one' },
  RIPE_STARTING: { status: 503, text: 'RIPE is starting; try again in a moment' },
  RIPE_STORE_DRIVER_MISSING: {
    status: 500,
    text: 'A PostgreSQL database needs the package pg: run npm install pg in the directory of this Node-RED, and restart it',
  },
  RIPE_STORE_FAILED: { status: 503, text: 'The store did not take the change; nothing was acknowledged' },
  RIPE_STORE_NEWER: {
    status: 500,
    text: 'The database {file} was written by a newer RIPE. Install that version again, or move the file away to start empty',
  },
  RIPE_STORE_STALLED: {
    status: 503,
    text: 'The disk or the database has not answered for {seconds} s; try again later',
  },
  RIPE_STORE_UNREACHABLE: {
    status: 500,
    text: 'The database {database} cannot be used: {reason}',
  },
  RIPE_STORE_UNREADABLE: {
    status: 500,
    text: 'The database {file} cannot be opened: {reason}. Restore a backup, or move the file away to start empty',
  },
  RIPE_WHAT_IF_BUSY: { status: 429, text: 'Another replay is going on; try again in a moment' },
  RIPE_WHAT_IF_LONG: { status: 400, text: 'days: the replay took longer than {seconds} s' },
  RIPE_WHAT_IF_TYPE: {
    status: 400,
    text: 'agent: {name} is made of wires, and those cannot be replayed',
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorParams = Readonly<Record<string, string | number>>;

const NAMED = /^([a-z_]+): /;

/** An error with a stable code. `message` is safe for logs and replies: it never holds a key. */
export class RipeError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, cause?: unknown) {
    super(fillIn(ERRORS[code].text, params), cause === undefined ? undefined : { cause });
    this.name = 'RipeError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.params = params;
  }

  /** What is to blame, by its name as the sender knows it: a parameter, or what the text begins with. */
  get field(): string | undefined {
    const { field } = this.params;
    return field === undefined ? NAMED.exec(ERRORS[this.code].text)?.[1] : String(field);
  }
}

/** The error for one bad field of any input: `field` is its name as the sender knows it. */
export function fieldError(field: string, reason: string): RipeError {
  return new RipeError('RIPE_FIELD_INVALID', { field, reason });
}

/** Replaces `{name}` by the parameter of that name; an unknown name stays as it is. */
export function fillIn(template: string, params: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

/** Whatever was thrown, as a text for people. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
