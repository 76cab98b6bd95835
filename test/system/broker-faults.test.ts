import assert from 'node:assert/strict';
import { type Fault, faults } from '../../scripts/broker-faults/fault.ts';
import { runFault } from '../../scripts/broker-faults/run-fault.ts';

const KEEP_ALIVE_SECONDS = 2;

/** Generous: what is measured is in docs/reliability.md. */
const BOUNDS_MS: Readonly<Record<Fault['bound'], number>> = {
  killed: 4_000,
  silent: KEEP_ALIVE_SECONDS * 1_500 + 3_000,
  over: 12_000,
  none: 0,
};

describe('faults of brokers, with real mosquittos', () => {
  for (const fault of faults) {
    it(`${fault.mode}: ${fault.title}`, async () => {
      const { acknowledged, lost, outOfServiceMs, gapMs } = await runFault(fault, KEEP_ALIVE_SECONDS);
      assert.ok(acknowledged > 20, `only ${acknowledged} readings were acknowledged`);
      assert.ok(outOfServiceMs <= BOUNDS_MS[fault.bound], `out of service for ${outOfServiceMs} ms`);
      assert.ok(gapMs <= BOUNDS_MS[fault.bound] + 4_000, `no reading for ${gapMs} ms`);
      if (fault.losesNothing) assert.equal(lost, 0);
    });
  }
});
