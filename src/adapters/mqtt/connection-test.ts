import { randomBytes } from 'node:crypto';
import { connect, type MqttClient } from 'mqtt';
import type { InternalAddress, ProtocolChoice } from './address/broker-address.ts';
import { type FailureKind, toBrokerError } from './link/broker-error.ts';
import { clientOptions, type ProtocolVersion } from './link/client-options.ts';

/** What is wrong, finer than what a pool needs to know: each of these has another remedy. */
export type Problem =
  | Exclude<FailureKind, 'timeout' | 'certificate' | 'takeover'>
  /** There is no way to the machine. */
  | 'unreachable'
  /** Nobody answers at all. */
  | 'timeout'
  /** Something takes the connection, and then says nothing that is MQTT. */
  | 'silent'
  | 'certificateExpired'
  | 'certificateNotYetValid'
  | 'certificateSelfSigned'
  | 'certificateUntrusted'
  | 'certificateName';

export type TestResult =
  | { readonly ok: true; readonly protocol: '5' | '3.1.1'; readonly ms: number }
  /** `code` is for whoever searches for it, e.g. ECONNREFUSED. */
  | { readonly ok: false; readonly problem: Problem; readonly code: string | null };

const WITHIN_MS = 5_000;

const PROBLEMS: Readonly<Record<string, Problem>> = {
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  CERT_HAS_EXPIRED: 'certificateExpired',
  CERT_NOT_YET_VALID: 'certificateNotYetValid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificateSelfSigned',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificateUntrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificateUntrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificateUntrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificateUntrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificateName',
};

/** Connects once, says goodbye, and tells how it went. Nothing is subscribed or published, and there is no will. */
export async function testConnection(
  address: InternalAddress,
  protocol: ProtocolChoice,
  withinMs = WITHIN_MS,
): Promise<TestResult> {
  if (protocol !== 'auto') return attempt(address, protocol === '5' ? 5 : 4, withinMs);
  const result = await attempt(address, 5, withinMs);
  const mayBeOlder = !result.ok && (result.problem === 'protocol' || result.problem === 'closed');
  return mayBeOlder ? attempt(address, 4, withinMs) : result;
}

async function attempt(
  address: InternalAddress,
  version: ProtocolVersion,
  withinMs: number,
): Promise<TestResult> {
  const begun = performance.now();
  // An id of its own: with that of the pool, the broker would throw the pool out.
  const clientId = `ripe-test-${randomBytes(6).toString('hex')}`;
  // The library's own patience must not end before ours, which knows more.
  const connectTimeoutMs = 2 * withinMs;
  const session = { clientId, keepAliveSeconds: 30, connectTimeoutMs, persistent: false };
  const { will: _will, ...options } = clientOptions(address, version, session);
  const client = connect(options);
  try {
    await accepted(client, withinMs);
    await client.endAsync().catch(() => undefined);
    return { ok: true, protocol: version === 5 ? '5' : '3.1.1', ms: Math.round(performance.now() - begun) };
  } catch (error) {
    return error instanceof Silence ? error.result : problemOf(error);
  } finally {
    client.end(true);
    client.stream.destroy();
  }
}

class Silence extends Error {
  readonly result: TestResult;

  constructor(hasConnected: boolean) {
    super('no answer in time');
    this.result = { ok: false, problem: hasConnected ? 'silent' : 'timeout', code: null };
  }
}

function accepted(client: MqttClient, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasConnected = false;
    for (const event of ['connect', 'secureConnect']) {
      client.stream.once(event, () => {
        hasConnected = true;
      });
    }
    const timer = setTimeout(() => reject(new Silence(hasConnected)), withinMs);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    };
    client.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
    // Also those that come later, which nobody waits for any more.
    client.on('error', fail);
    client.once('close', () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  });
}

function problemOf(error: unknown): TestResult {
  const found = error instanceof Error && 'code' in error ? error.code : null;
  const code = found === null || found === undefined ? null : String(found);
  const { kind } = toBrokerError(error);
  const other = kind === 'certificate' || kind === 'takeover' ? 'tls' : kind;
  return { ok: false, problem: PROBLEMS[code ?? ''] ?? other, code };
}
