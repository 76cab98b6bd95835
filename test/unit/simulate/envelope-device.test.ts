import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { EnvelopeDevice } from '../../../scripts/simulate/envelope-device.ts';
import type { Envelope, EnvelopeAgent } from '../../../src/domain/command/envelope.ts';

const agent = (parts: Partial<EnvelopeAgent> = {}): EnvelopeAgent => ({
  domain: 'w',
  value: 1,
  neutral: 0,
  until: 61_000,
  remainingMs: 60_000,
  because: null,
  ...parts,
});

const envelope = (parts: Partial<Envelope> = {}): Envelope => ({
  version: 1,
  id: 'a',
  epoch: 3,
  sequence: 5,
  at: 1_000,
  agents: [agent()],
  ...parts,
});

describe('A device that honours envelopes', () => {
  let uptime = 0;
  let device = new EnvelopeDevice(() => uptime);
  beforeEach(() => {
    uptime = 77;
    device = new EnvelopeDevice(() => uptime);
  });

  it('does what it is told until the end, by its own uptime, and then is neutral', () => {
    assert.equal(device.take(envelope()), true);
    assert.deepEqual([device.values(), device.nextOff()], [{ w: 1 }, 60_077]);
    uptime = 60_076;
    assert.deepEqual(device.values(), { w: 1 });
    uptime = 60_077;
    assert.deepEqual([device.values(), device.nextOff()], [{ w: 0 }, null]);
  });

  it('takes what is neutral without an end, and holds nothing else without one', () => {
    const agents = [
      agent({ domain: 'a', value: 0, until: null, remainingMs: null }),
      agent({ domain: 'b', value: 5, until: null, remainingMs: null }),
      agent({ domain: 'c', value: 7, neutral: 7, until: null, remainingMs: null }),
    ];
    device.take(envelope({ agents }));
    assert.deepEqual(device.values(), { a: 0, b: 0, c: 7 });
  });

  for (const [name, later] of [
    ['an earlier epoch', envelope({ epoch: 2, sequence: 9 })],
    ['an earlier envelope of its epoch', envelope({ sequence: 4 })],
    ['the same envelope once more', envelope()],
    ['another version', envelope({ version: 2 as never, sequence: 9 })],
  ] as const) {
    it(`refuses ${name}`, () => {
      device.take(envelope());
      assert.equal(device.take({ ...later, agents: [agent({ value: 9 })] }), false);
      assert.deepEqual(device.values(), { w: 1 });
    });
  }

  it('takes the first envelope of a new epoch, whatever its sequence', () => {
    device.take(envelope());
    assert.equal(device.take(envelope({ epoch: 4, sequence: 1, agents: [] })), true);
    assert.deepEqual([device.values(), device.observation()], [{}, null]);
  });

  it('is given more time by a renewed lease', () => {
    device.take(envelope());
    uptime += 50_000;
    device.take(envelope({ sequence: 6 }));
    uptime += 50_000;
    assert.deepEqual(device.values(), { w: 1 });
  });

  it('says which command it speaks of', () => {
    device.take(envelope({ id: '3-5' }));
    assert.deepEqual(device.acknowledgement(), { id: '3-5', state: 'acknowledged' });
    assert.deepEqual(device.observation(), { id: '3-5', state: 'observed', values: { w: 1 } });
  });
});
