import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { matchesFilter } from '../../../../src/adapters/embedded-broker/topic-filter.ts';
import { covers, isFilter, isRipesOwn } from '../../../../src/domain/broker/topic-rules.ts';

describe('A topic rule', () => {
  const cases: [rule: string, filter: string, isCovered: boolean][] = [
    ['a/b', 'a/b', true],
    ['a/b', 'a/c', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a/+', true],
    ['a/b', 'a/+', false],
    ['a/+', 'a/#', false],
    ['a/#', 'a/+/c', true],
    ['a/#', 'a/#', true],
    ['a/#', 'a', true],
    ['a/#', '#', false],
    ['a/#', '+/b', false],
    ['#', 'any/thing', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['#', '$share/group/a', false],
    ['$SYS/#', '$SYS/x', true],
  ];
  for (const [rule, filter, isCovered] of cases) {
    it(`${rule} ${isCovered ? 'covers' : 'does not cover'} ${filter}`, () => {
      assert.equal(covers(rule, filter), isCovered);
    });
  }

  it('never covers a filter that matches a topic which the rule does not match', () => {
    const level = fc.constantFrom('a', 'b', '$x', '');
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'));
    const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
    fc.assert(
      fc.property(filter, filter, topic, (rule, asked, said) => {
        if (covers(rule, asked) && matchesFilter(asked, said)) assert.ok(matchesFilter(rule, said));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is a filter of MQTT', () => {
    for (const good of ['a', 'a/+/b', '#', '+/#', '/', '$SYS/#', 'a'.repeat(65_535)])
      assert.ok(isFilter(good), good);
    for (const bad of ['', 'a/#/b', 'a+', 'a/b#', '\0', 'ä'.repeat(32_768)]) assert.ok(!isFilter(bad), bad);
  });
});

describe('What only RIPE says', () => {
  it('is commands, envelopes, the word of the master, and what is of the broker', () => {
    const own = [
      'sensor/cmd/1/KEY',
      'sensor/envelope/1/KEY',
      'sensor/cmd/1',
      'ripe/master',
      'ripe/epoch',
      '$SYS/x',
    ];
    for (const topic of own) assert.ok(isRipesOwn(topic), topic);
    for (const topic of ['sensor/data/1/KEY', 'sensor/ack/1/KEY', 'ripe/ha/1/a/set', 'home'])
      assert.ok(!isRipesOwn(topic), topic);
  });
});
