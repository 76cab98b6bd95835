export type FailureKind = 'refused' | 'timeout' | 'dns' | 'credentials' | 'tls' | 'protocol' | 'closed';

/** Why a broker could not be reached, was lost, or did not take a message. The message holds no secret. */
export class BrokerError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = 'BrokerError';
    this.kind = kind;
  }
}

const TEXTS: Readonly<Record<FailureKind, string>> = {
  refused: 'the broker refuses the connection',
  timeout: 'no answer in time',
  dns: 'the host name is unknown',
  credentials: 'wrong user name or password, or not allowed',
  tls: 'the secure connection failed',
  protocol: 'the broker does not speak this version of MQTT',
  closed: 'the connection was closed',
};

const SYSTEM_CODES: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  EACCES: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  EPROTO: 'tls',
};

/** CONNACK return codes of 3.1.1 (1-5) and reason codes of MQTT 5 (from 128); see [MQTT5 3.2.2.2]. */
const CONNACK_CODES: Readonly<Record<number, FailureKind>> = {
  1: 'protocol',
  2: 'refused',
  3: 'refused',
  4: 'credentials',
  5: 'credentials',
  129: 'protocol',
  130: 'protocol',
  132: 'protocol',
  134: 'credentials',
  135: 'credentials',
  140: 'credentials',
};

/** Only codes are passed on: the messages of the libraries may quote what was sent. */
export function toBrokerError(error: unknown): BrokerError {
  if (error instanceof BrokerError) return error;
  const code = codeOf(error);
  if (typeof code === 'number') return withCode(CONNACK_CODES[code] ?? 'refused', `reason code ${code}`);
  if (code !== null) return withCode(SYSTEM_CODES[code] ?? (isTlsCode(code) ? 'tls' : 'closed'), code);
  const text = error instanceof Error ? error.message : '';
  if (/timeout/i.test(text)) return withCode('timeout', null);
  return withCode(/tls|certificate/i.test(text) ? 'tls' : 'protocol', null);
}

export function withCode(kind: FailureKind, code: string | null): BrokerError {
  return new BrokerError(kind, code === null ? TEXTS[kind] : `${TEXTS[kind]} (${code})`);
}

function codeOf(error: unknown): string | number | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : null;
}

function isTlsCode(code: string): boolean {
  return /TLS|SSL|CERT|SIGNATURE|ISSUER|CRL/.test(code);
}
