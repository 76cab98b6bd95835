import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PacketStore } from '../../../../src/adapters/mqtt/link/packet-store.ts';

describe('The packets under way', () => {
  it('are found by their id until they are taken off', () => {
    const store = new PacketStore();
    const told: unknown[] = [];
    const tell = (error?: Error, packet?: unknown) => told.push(error?.message ?? packet);
    const packet = { cmd: 'pubrel', messageId: 7 } as const;
    store.put(packet, () => told.push('put'));
    store.get({ messageId: 7 }, tell);
    store.del({ messageId: 7 }, tell);
    store.get({ messageId: 7 }, tell);
    store.del({ messageId: 7 }, tell);
    assert.deepEqual(told, ['put', packet, packet, 'missing packet', 'missing packet']);
  });
});
