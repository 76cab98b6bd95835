import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BatchPacker, changesOf } from '../../../../src/adapters/store/sqlite/packed-batch.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\0', '\ud800', 'ä', '🌱'));
const number = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constant(Number.NEGATIVE_INFINITY));
const values = fc.array(fc.oneof(number, text, fc.constant(null)), { maxLength: 30 });
const statement = fc.record({ statement: fc.nat(50), values }, { noNullPrototype: true });
const changes = fc.array(fc.array(statement, { maxLength: 12 }), { maxLength: 40 });

describe('a packed batch', () => {
  it('is what was packed, whatever that is', () => {
    const packer = new BatchPacker();
    fc.assert(
      fc.property(changes, (packed) => {
        for (const statements of packed) {
          packer.change(() => {
            for (const { statement, values } of statements) packer.statement(statement, values);
          });
        }
        // As it comes out of the thread's message.
        assert.deepEqual([...changesOf(structuredClone(packer.take()))], packed);
      }),
    );
  });

  it('holds nothing of a change that cannot be packed', () => {
    const packer = new BatchPacker();
    packer.change(() => packer.statement(1, ['one', 1]));
    const unspeakable = () => {
      packer.statement(2, ['two', 2]);
      packer.statement(3, [undefined as unknown as null]);
    };
    assert.throws(() => packer.change(unspeakable), TypeError);
    packer.change(() => packer.statement(4, ['four']));
    const four = { statement: 4, values: ['four'] };
    assert.deepEqual([...changesOf(packer.take())], [[{ statement: 1, values: ['one', 1] }], [], [four]]);
  });

  it('knows NaN as NULL, as SQLite does', () => {
    const packer = new BatchPacker();
    packer.change(() => packer.statement(0, [Number.NaN]));
    assert.deepEqual([...changesOf(packer.take())], [[{ statement: 0, values: [null] }]]);
  });
});
