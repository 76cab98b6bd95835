import assert from 'node:assert/strict';
import { toBrokerError } from '../../../src/adapters/mqtt/broker-error.ts';
import { BrokerRotation } from '../../../src/adapters/mqtt/broker-rotation.ts';

describe('BrokerRotation', () => {
  it('waits only after a whole round of failures, longer each time', () => {
    const rotation = new BrokerRotation(2, 250, () => 1);
    const turns = Array.from({ length: 15 }, () => {
      const turn = rotation.next();
      rotation.failed();
      return turn;
    });
    assert.deepEqual(turns.slice(0, 5), [
      { index: 0, waitMs: 0 },
      { index: 1, waitMs: 0 },
      { index: 0, waitMs: 250 },
      { index: 1, waitMs: 0 },
      { index: 0, waitMs: 500 },
    ]);
    assert.equal(turns.at(-1)?.waitMs, 5_000);
  });

  it('takes the next one at once when a broker was lost that had served well', () => {
    const rotation = new BrokerRotation(1, 250, () => 1);
    rotation.failed();
    assert.equal(rotation.next().waitMs, 250);
    rotation.lost(60_000);
    assert.equal(rotation.next().waitMs, 0);
    rotation.lost(10);
    assert.equal(rotation.next().waitMs, 250);
  });
});

describe('toBrokerError', () => {
  const cases: [error: unknown, kind: string][] = [
    [Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), 'refused'],
    [Object.assign(new Error('secret'), { code: 'ENOTFOUND' }), 'dns'],
    [Object.assign(new Error('secret'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'tls'],
    [Object.assign(new Error('secret'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), 'tls'],
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
