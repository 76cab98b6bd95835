import assert from 'node:assert/strict';
import { DuplicateFilter } from '../../../../src/adapters/mqtt/duplicate-filter.ts';

describe('DuplicateFilter', () => {
  let now: number;
  let filter: DuplicateFilter;

  beforeEach(() => {
    now = 0;
    filter = new DuplicateFilter(() => now, 4);
  });

  const isDuplicate = (broker: string, text = 'x', topic = 'sensor/data/1/KEY1') =>
    filter.isDuplicate({ topic, payload: Buffer.from(text), broker });

  it('lets the first copy pass and holds back the same over another broker', () => {
    assert.deepEqual([isDuplicate('a'), isDuplicate('b'), isDuplicate('c')], [false, true, true]);
  });

  it('tells topics and payloads apart, long ones too', () => {
    const long = 'x'.repeat(1_000);
    const passed = [isDuplicate('a'), isDuplicate('b', 'y'), isDuplicate('b', 'x', 'other')];
    assert.deepEqual(passed, [false, false, false]);
    assert.deepEqual(
      [isDuplicate('a', long), isDuplicate('b', `${long}.`), isDuplicate('b', long)],
      [false, false, true],
    );
  });

  it('takes what comes twice over one broker for two messages, each with its copy', () => {
    const seen = ['a', 'a', 'b', 'b', 'b'].map((broker) => isDuplicate(broker));
    assert.deepEqual(seen, [false, false, true, true, false]);
  });

  it('forgets after 5 s', () => {
    isDuplicate('a');
    now = 5_000;
    assert.equal(isDuplicate('b'), true);
    now = 5_001;
    assert.equal(isDuplicate('c'), false);
  });

  it('remembers only so many, the newest', () => {
    for (const text of ['1', '2', '3', '4', '5']) isDuplicate('a', text);
    assert.equal(isDuplicate('b', '5'), true);
    assert.equal(isDuplicate('b', '1'), false);
  });
});
