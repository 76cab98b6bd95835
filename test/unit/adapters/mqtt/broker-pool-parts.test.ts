import assert from 'node:assert/strict';
import { toBrokerError } from '../../../../src/adapters/mqtt/link/broker-error.ts';
import { RetryPause } from '../../../../src/adapters/mqtt/modes/retry-pause.ts';

describe('RetryPause', () => {
  it('grows with each failure, up to 5 s', () => {
    const pause = new RetryPause(250, () => 1);
    const waits = Array.from({ length: 8 }, () => {
      const waitMs = pause.next();
      pause.failed();
      return waitMs;
    });
    assert.deepEqual(waits, [0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('has a jitter of half its length', () => {
    const pause = new RetryPause(250, () => 0);
    pause.failed();
    assert.equal(pause.next(), 125);
  });

  it('ends when a broker was lost that had served well, not when it had served for a moment', () => {
    const pause = new RetryPause(250, () => 1);
    pause.failed();
    pause.lost(60_000);
    assert.equal(pause.next(), 0);
    pause.lost(10);
    assert.equal(pause.next(), 250);
  });
});

describe('toBrokerError', () => {
  const cases: [error: unknown, kind: string][] = [
    [Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), 'refused'],
    [Object.assign(new Error('secret'), { code: 'ENOTFOUND' }), 'dns'],
    [Object.assign(new Error('secret'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'certificate'],
    [Object.assign(new Error('secret'), { code: 'CERT_HAS_EXPIRED' }), 'certificate'],
    [Object.assign(new Error('secret'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), 'tls'],
    [Object.assign(new Error('secret'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), 'certificate'],
    [Object.assign(new Error('secret'), { code: 'ECONNRESET' }), 'closed'],
    [Object.assign(new Error('secret'), { code: 4 }), 'credentials'],
    [Object.assign(new Error('secret'), { code: 135 }), 'credentials'],
    [Object.assign(new Error('secret'), { code: 1 }), 'protocol'],
    [Object.assign(new Error('secret'), { code: 136 }), 'refused'],
    [new Error('Keepalive timeout secret'), 'timeout'],
    [new Error('Invalid header secret'), 'protocol'],
    ['secret', 'protocol'],
  ];
  for (const [error, kind] of cases) {
    it(`takes ${String(error)} with ${JSON.stringify(error)} for ${kind}, and repeats nothing of it`, () => {
      assert.equal(toBrokerError(error).kind, kind);
      assert.doesNotMatch(toBrokerError(error).message, /secret/);
    });
  }
});
