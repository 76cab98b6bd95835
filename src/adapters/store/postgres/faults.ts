/** What a server answered has a severity; all else is of the driver or the network. */
interface ServerError extends Error {
  readonly severity: string;
  /** SQLSTATE */
  readonly code: string;
}

/** A change that cannot be made into a row. */
export class UnwritableChange extends Error {
  constructor(cause: unknown) {
    super('The change cannot be written', { cause });
  }
}

/** Somebody else has become the owner of these tables: what this process holds in memory is not what they hold. */
export class ReplacedDatabase extends Error {
  constructor() {
    super('the database was restored or replaced while RIPE ran: restart RIPE');
  }
}

/** Cardinality, data exception, integrity constraint, program limit exceeded. */
const OF_THE_CHANGE = ['21', '22', '23', '54'];
/** Connection, operator intervention, too many connections, a standby that only reads. */
const OF_THE_SERVER = ['08', '57', '53300', '25006'];
/** What the driver itself says of passwords and encryption: waiting mends none of it. */
const OF_THE_SETTINGS = /SASL|\bSSL\b|certificate/i;
/** Serialization failure and deadlock: the same again may succeed. */
const OF_THE_MOMENT = ['40'];

export function isChangeFault(error: unknown): boolean {
  return error instanceof UnwritableChange || hasCode(error, OF_THE_CHANGE);
}

export function isMomentary(error: unknown): boolean {
  return hasCode(error, OF_THE_MOMENT);
}

/** Whether nobody answers there just now. */
export function isAway(error: unknown): boolean {
  if (error instanceof ReplacedDatabase || error instanceof TypeError) return false;
  if (OF_THE_SETTINGS.test(String(error))) return false;
  return !isServerError(error) || hasCode(error, OF_THE_SERVER);
}

/** What went wrong, as one line for a person. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // One per address of the host; the first is as good as any.
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  if (/^SASL: .*client password must be/.test(error.message)) {
    return 'the server wants a password, and the URL holds none';
  }
  return error.message;
}

function hasCode(error: unknown, starts: readonly string[]): boolean {
  return isServerError(error) && starts.some((start) => error.code.startsWith(start));
}

function isServerError(error: unknown): error is ServerError {
  const { severity, code } = error as Partial<ServerError>;
  return error instanceof Error && typeof severity === 'string' && typeof code === 'string';
}
