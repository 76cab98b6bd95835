import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { BrokerMemory } from '../../../../src/adapters/embedded-broker/broker-memory.ts';
import { SESSION_LIMITS, SessionStore } from '../../../../src/adapters/embedded-broker/session-store.ts';

const clock = { now: () => 0 };
const vector = (text: string) =>
  ({ cmd: 'publish', topic: 'sensor/cmd/1/KEY1', qos: 2, retain: true, payload: Buffer.from(text) }) as never;

describe('embedded broker, what is retained', () => {
  const memory = () =>
    new BrokerMemory({ sessions: new SessionStore(clock, SESSION_LIMITS), clock, isAllowed: () => true });

  it('is sent as it is then, never as it was when somebody subscribed', async () => {
    const broker = memory();
    await broker.storeRetained(vector('on'));
    const stream = broker.createRetainedStreamCombi(['sensor/cmd/1/KEY1']);
    const [packet] = (await stream.toArray()) as { payload: Buffer; topic: string }[];
    await broker.storeRetained(vector('off'));
    assert.equal(String(packet?.payload), 'off');
    await broker.storeRetained(vector(''));
    assert.equal(packet?.payload.length, 0);
  });
});
