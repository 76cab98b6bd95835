export type FailureKind =
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'credentials'
  | 'tls'
  | 'certificate'
  | 'protocol'
  | 'closed'
  | 'takeover';

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
  certificate: "the broker's certificate is not accepted",
  protocol: 'the broker does not speak this version of MQTT',
  closed: 'the connection was closed',
  takeover: 'another client has connected with the same client id',
};

/** What the codes of Node's TLS mean to whoever has to mend it. */
const CERTIFICATE_CODES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'it has been revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by nobody but itself; name its CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its CA is not known; name it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its CA is not known; name it',
  UNABLE_TO_GET_ISSUER_CERT: 'its CA is not known; name it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its CA is not known; name it',
};

const TAKEN_OVER = 142;

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
  const flaw = CERTIFICATE_CODES[code ?? ''];
  if (flaw !== undefined) return new BrokerError('certificate', `${TEXTS.certificate}: ${flaw} (${code})`);
  if (code !== null) return withCode(SYSTEM_CODES[code] ?? (isTlsCode(code) ? 'tls' : 'closed'), code);
  const text = error instanceof Error ? error.message : '';
  if (/timeout/i.test(text)) return withCode('timeout', null);
  return withCode(/tls|certificate/i.test(text) ? 'tls' : 'protocol', null);
}

export function withCode(kind: FailureKind, code: string | null): BrokerError {
  return new BrokerError(kind, code === null ? TEXTS[kind] : `${TEXTS[kind]} (${code})`);
}

/** Of a DISCONNECT, which MQTT 5 brokers send. */
export function disconnection(reasonCode: number): BrokerError {
  return withCode(reasonCode === TAKEN_OVER ? 'takeover' : 'closed', `reason code ${reasonCode}`);
}

function codeOf(error: unknown): string | number | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : null;
}

function isTlsCode(code: string): boolean {
  return /TLS|SSL|CERT|SIGNATURE|ISSUER|CRL/.test(code);
}
