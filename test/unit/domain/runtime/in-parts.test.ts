import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { oldestFirst, type PageRequest, pageOf } from '../../../../src/domain/paging.ts';
import { allOf, inParts, PART } from '../../../../src/domain/runtime/requests/in-parts.ts';

/** Three of each moment. */
const LIST = Array.from({ length: 3 * PART }, (_, n) => ({ at: Math.floor(n / 3), n }));
const RANGE = { from: 0, until: PART };

describe('A list that is read by parts', () => {
  const asked: number[] = [];
  beforeEach(() => asked.splice(0));

  async function read(part: PageRequest) {
    const { range, skip, most } = oldestFirst(RANGE, part);
    asked.push(most);
    const found = LIST.filter(({ at }) => at >= range.from && at < range.until).slice(skip, skip + most);
    return pageOf(found, part, ({ at }) => at);
  }

  it('comes as a whole, each once, and never much at once', async () => {
    const numbers = (await allOf(10_000, read)).map(({ n }) => n);
    assert.deepEqual(
      numbers,
      LIST.map(({ n }) => n),
    );
    assert.deepEqual(asked, [PART + 1, PART + 1, PART + 1]);
  });

  it('ends where the page ends, and tells where the next one begins', async () => {
    const first: { n: number }[] = [];
    const next = await inParts({ limit: PART + 4, after: null }, read, (items) => first.push(...items));
    assert.deepEqual([first.length, first.at(-1)?.n], [PART + 4, PART + 3]);
    assert.deepEqual(asked, [PART + 1, 5]);
    const second: { n: number }[] = [];
    await inParts({ limit: 1, after: next }, read, (items) => second.push(...items));
    assert.deepEqual(
      second.map(({ n }) => n),
      [PART + 4],
    );
  });
});
