import assert from 'node:assert/strict';
import { RivalWatch } from '../../../../src/adapters/mqtt/rival-watch.ts';

describe('RivalWatch', () => {
  let now: number;
  let watch: RivalWatch;
  let told: string[];

  beforeEach(() => {
    now = 1_000_000;
    told = [];
    watch = new RivalWatch({
      garden: 'g',
      instance: 'ours',
      now: () => now,
      onBehind: (epoch) => told.push(`behind ${epoch}`),
      onRival: ({ instance, epoch }, broker) => told.push(`rival ${instance} ${epoch} at ${broker}`),
    });
  });

  const hear = (record: object | string, broker = 'one') => {
    const payload = Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
    watch.heard({ topic: 'ripe/epoch', payload, qos: 1, retain: false, broker }, 5);
  };
  const foreign = (changes: object = {}) => ({
    garden: 'g',
    instance: 'other',
    epoch: 5,
    at: now,
    ...changes,
  });

  it('publishes who commands here, for those who come later', () => {
    const { payload, ...rest } = watch.record(7);
    assert.deepEqual(rest, { topic: 'ripe/epoch', qos: 1, retain: true });
    assert.deepEqual(JSON.parse(String(payload)), { garden: 'g', instance: 'ours', epoch: 7, at: now });
  });

  it('takes what was there before its own record for an earlier run, and wants a higher epoch', () => {
    hear(foreign({ epoch: 4 }));
    hear(foreign({ epoch: 9 }));
    assert.deepEqual(told, ['behind 9']);
  });

  it('takes what comes after its own record for a rival, at that broker only', () => {
    hear({ ...foreign(), instance: 'ours' });
    now += 1;
    hear(foreign());
    hear(foreign({ epoch: 3 }), 'two');
    assert.deepEqual(told, ['rival other 5 at one']);
  });

  it('tells each record once that a broker retains where it is not itself: its writer may have gone', () => {
    const see = (record: object, broker = 'two') =>
      watch.seen({ payload: Buffer.from(JSON.stringify(record)), broker }, 5);
    see({ ...foreign({ at: now + 1 }), instance: 'ours' });
    see(foreign({ at: now + 1, garden: 'another' }));
    see(foreign({ at: now - 1, epoch: 4 }));
    assert.deepEqual(told, []);
    see(foreign({ at: now - 1, epoch: 9 }));
    assert.deepEqual(told.splice(0), ['behind 9']);
    for (let look = 0; look < 3; look++) {
      see(foreign({ at: 1_000_001, epoch: 3 }));
      now += 300_000;
    }
    see(foreign({ at: 1_500_000, epoch: 4 }));
    assert.deepEqual(told, ['rival other 3 at two', 'rival other 4 at two']);
  });

  it('tells of the same rival once a minute', () => {
    hear({ ...foreign(), instance: 'ours' });
    for (const step of [1, 59_998, 1, 1]) {
      now += step;
      hear(foreign());
    }
    assert.equal(told.length, 2);
  });

  it('does not mistake a broker that has lost its last minutes for a rival', () => {
    hear({ ...foreign(), instance: 'ours' });
    hear(foreign({ at: now - 60_000, epoch: 4 }));
    assert.deepEqual(told, []);
  });

  it('ignores other gardens, and what is no record', () => {
    for (const record of [
      foreign({ garden: 'else', epoch: 99 }),
      foreign({ epoch: -1 }),
      foreign({ epoch: 2 ** 52 }),
      foreign({ epoch: 1.5 }),
      foreign({ instance: 5 }),
      '',
      '[]',
      '{',
    ]) {
      hear(record);
    }
    assert.deepEqual(told, []);
  });
});
