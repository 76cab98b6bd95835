import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { OutgoingQueue } from '../../../../src/adapters/mqtt/outbox/outgoing-queue.ts';
import { Parcel } from '../../../../src/adapters/mqtt/outbox/parcel.ts';

const parcel = (topic: string, payload = '') => {
  const made = new Parcel({ topic, payload: Buffer.from(payload), qos: 1, retain: false }, true);
  made.delivered.catch(() => undefined);
  return made;
};
const vector = (sensor: number, payload?: string) => parcel(`sensor/cmd/${sensor}/ABCDEFGHJKLM`, payload);
const told = (parcels: readonly Parcel[]) =>
  parcels.map(({ message: { topic, payload } }) =>
    `${topic.split('/').slice(0, 3).join('/')} ${payload}`.trim(),
  );

function shiftAll(queue: OutgoingQueue): Parcel[] {
  const all: Parcel[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) all.push(next);
  return all;
}

describe('OutgoingQueue', () => {
  it('keeps the order of commands and others, and a newer command at the place of the first', () => {
    const queue = new OutgoingQueue();
    const first = vector(1, 'a');
    for (const each of [parcel('x'), first, parcel('y'), vector(2, 'b')]) queue.push(each);
    assert.equal(queue.push(vector(1, 'c')), first);
    assert.equal(queue.size, 4);
    assert.deepEqual(told(shiftAll(queue)), ['x', 'sensor/cmd/1 c', 'y', 'sensor/cmd/2 b']);
  });

  it('drops the oldest of what is too much, commands excepted, and nothing that may not go', () => {
    const queue = new OutgoingQueue();
    for (const each of [vector(1), parcel('a'), parcel('b'), parcel('c')]) queue.push(each);
    assert.deepEqual(
      queue.trim(1, () => false),
      [],
    );
    assert.deepEqual(told(queue.trim(1)), ['a', 'b']);
    assert.deepEqual(told(shiftAll(queue)), ['sensor/cmd/1', 'c']);
  });

  it('puts what was under way before the rest, and answers what is overtaken', () => {
    const queue = new OutgoingQueue();
    for (const each of [parcel('late'), vector(1, 'new')]) queue.push(each);
    assert.deepEqual(told(queue.putBack([vector(1, 'old'), vector(2)])), ['sensor/cmd/1 old']);
    assert.deepEqual(told(queue.clear()), ['sensor/cmd/1 new', 'sensor/cmd/2', 'late']);
    assert.equal(queue.size, 0);
  });

  it('has room for the vectors of 100,000 sensors', () => {
    const queue = new OutgoingQueue();
    for (let sensor = 1; sensor <= 100_000; sensor += 1) {
      queue.push(vector(sensor));
      assert.deepEqual(queue.trim(10), []);
    }
    assert.equal(queue.size, 100_000);
  });
});
