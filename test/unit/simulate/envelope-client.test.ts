import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { EnvelopeClient } from '../../../scripts/simulate/envelope-client.ts';
import { until } from '../../support/until.ts';

const envelope = (sequence: number, remainingMs: number | null, value = 1) => {
  const until = remainingMs === null ? null : 1_000 + remainingMs;
  const agents = [{ domain: 'w', value, neutral: 0, until, remainingMs, because: null }];
  return Buffer.from(
    JSON.stringify({ version: 1, id: `1-${sequence}`, epoch: 1, sequence, at: 1_000, agents }),
  );
};

describe('A client that honours envelopes', () => {
  const said: object[] = [];
  const acts: object[] = [];
  let client: EnvelopeClient;
  beforeEach(() => {
    said.length = 0;
    acts.length = 0;
    client = new EnvelopeClient({ say: (report) => said.push(report), act: (values) => acts.push(values) });
  });
  afterEach(() => client.stop());

  it('asks, acts, reports, and ends by itself', async () => {
    client.ask();
    assert.equal(client.hear(envelope(1, 30)), true);
    assert.deepEqual(acts, [{ w: 1 }]);
    await until(() => acts.length === 2);
    assert.deepEqual(acts[1], { w: 0 });
    assert.deepEqual(said, [
      { ask: true },
      { id: '1-1', state: 'acknowledged' },
      { id: '1-1', state: 'observed', values: { w: 1 } },
      { id: '1-1', state: 'observed', values: { w: 0 } },
    ]);
  });

  it('sees what ends between two looks at its clock', async () => {
    let now = 0;
    const slow = new EnvelopeClient({
      say: () => {},
      act: (values) => acts.push(values),
      uptime: () => (now += 20),
    });
    slow.hear(envelope(1, 30));
    await until(() => acts.length === 2);
    slow.stop();
    assert.deepEqual(acts, [{ w: 1 }, { w: 0 }]);
  });

  it('does and says nothing for an envelope that it has to refuse', () => {
    client.hear(envelope(2, 60_000));
    said.length = 0;
    assert.equal(client.hear(envelope(1, null, 0)), false);
    assert.equal(client.hear(Buffer.from('{')), false);
    assert.deepEqual([acts.length, said], [1, []]);
  });
});
