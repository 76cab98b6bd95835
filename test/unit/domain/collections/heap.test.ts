import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Heap, type HeapEntry } from '../../../../src/domain/collections/heap.ts';

const at = fc.integer({ min: 0, max: 20 });
const entryAt = (at: number): HeapEntry => ({ at, place: 0 });

function drain(heap: Heap<HeapEntry>): number[] {
  const taken: number[] = [];
  for (let first = heap.first; first !== undefined; first = heap.first) {
    taken.push(first.at);
    heap.remove(first);
  }
  return taken;
}

const sorted = (times: readonly number[]) => [...times].sort((a, b) => a - b);

describe('Heap', () => {
  it('is empty at first, and after clear', () => {
    const heap = new Heap<HeapEntry>();
    assert.equal(heap.first, undefined);
    heap.add(entryAt(1));
    heap.clear();
    assert.equal(heap.first, undefined);
  });

  it('gives its entries as sorting does', () => {
    fc.assert(
      fc.property(fc.array(at), (times) => {
        const heap = new Heap<HeapEntry>();
        for (const each of times) heap.add(entryAt(each));
        assert.deepEqual(drain(heap), sorted(times));
      }),
    );
  });

  it('gives them so after any moves and removals as well', () => {
    const change = fc.tuple(fc.nat({ max: 99 }), fc.option(at, { nil: null }));
    fc.assert(
      fc.property(fc.array(at, { minLength: 1 }), fc.array(change), (times, changes) => {
        const heap = new Heap<HeapEntry>();
        const entries = times.map(entryAt);
        for (const each of entries) heap.add(each);
        for (const [index, to] of changes) {
          const entry = entries[index % Math.max(entries.length, 1)];
          if (entry === undefined) continue;
          if (to === null) {
            heap.remove(entry);
            entries.splice(entries.indexOf(entry), 1);
          } else {
            entry.at = to;
            heap.moved(entry);
          }
          assert.equal(heap.first?.at, sorted(entries.map((each) => each.at))[0]);
        }
        assert.deepEqual(drain(heap), sorted(entries.map((each) => each.at)));
      }),
    );
  });
});
