import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteReader, leb128 } from '../../../../src/adapters/agents/wasm/byte-reader.ts';
import { limitModule } from '../../../../src/adapters/agents/wasm/module-limits.ts';
import { runs } from '../../../support/runs.ts';
import { type Code, type ModuleParts, op, wasmModule } from '../../../support/wasm-builder.ts';

const LIMITS = { pages: 16, elements: 100 };
const limited = (parts: ModuleParts) => limitModule(wasmModule(parts), LIMITS);

describe('Numbers of a WebAssembly binary', () => {
  const read = (bytes: Code) => new ByteReader(Uint8Array.from(bytes)).unsigned();

  it('come back as they were written', () => {
    fc.assert(fc.property(fc.nat(0xffff_ffff), (value) => assert.equal(read(leb128(value)), value)));
  });

  it('may be longer than they need to be', () => {
    assert.equal(read([0x81, 0x80, 0x80, 0x80, 0x00]), 1);
  });

  for (const [what, bytes, reason] of [
    ['more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x10], /more than 32 bits/],
    ['more than five bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], /more than 32 bits/],
    ['no end', [0x80], /ends too early/],
  ] as const) {
    it(`are refused with ${what}`, () => assert.throws(() => read(bytes), reason));
  }
});

describe('The limits of a WebAssembly module', () => {
  /** What grow answers: the size before, or -1. */
  const grow = (bytes: Uint8Array<ArrayBuffer>) => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return exports['grow'] as (by: number) => number;
  };
  const growing = { grow: { params: 1, code: [...op.param(0), 0x40, 0x00] } };
  const growingTable = { grow: { params: 1, code: [0xd0, 0x70, ...op.param(0), 0xfc, 0x0f, 0x00] } };

  it('let memory grow to the most pages, and not further', () => {
    const more = grow(limited({ functions: growing, memory: [1, 0, 1] }));
    assert.deepEqual([more(15), more(1), more(0)], [1, -1, 16]);
  });

  it('keep a lower maximum, and lower a higher one', () => {
    assert.equal(grow(limited({ functions: growing, memory: [1, 1, 1, 3] }))(3), -1);
    assert.equal(grow(limited({ functions: growing, memory: [1, 1, 1, 0xff, 0x7f] }))(16), -1);
  });

  it('let a table grow to the most elements, and not further', () => {
    const more = grow(limited({ functions: growingTable, tables: [1, 0x70, 0, 1] }));
    assert.deepEqual([more(99), more(1), more(0)], [1, -1, 100]);
  });

  it('leave everything else as it is', () => {
    const parts = { functions: growing, imports: ['ripe.log'], data: { 8: Uint8Array.of(1, 2) } };
    const bytes = wasmModule({ ...parts, memory: [1, 1, 2, 16], tables: [1, 0x6f, 1, 0, 100] });
    assert.deepEqual(limitModule(bytes, LIMITS), bytes);
  });

  for (const [what, parts, reason] of [
    ['no memory', { memory: null }, /one memory of its own/],
    ['two memories', { memory: [2, 0, 1, 0, 1] }, /one memory, not several/],
    ['a shared memory', { memory: [1, 3, 1, 2] }, /shared, of 64 bits/],
    ['a memory of 64 bits', { memory: [1, 4, 1] }, /shared, of 64 bits/],
    ['a memory of pages of its own size', { memory: [1, 8, 1, 0] }, /of an unknown kind/],
    ['more memory than there is from the start', { memory: [1, 0, 17] }, /memory of 17; 16 is the most/],
    ['a memory section that goes on', { memory: [1, 0, 1, 0] }, /of an unknown kind/],
    ['a table of 64 bits', { tables: [1, 0x70, 4, 1] }, /shared, of 64 bits/],
    ['a huge table', { tables: [1, 0x70, 0, 101] }, /table of 101; 100 is the most/],
    ['several tables', { tables: [2, 0x70, 0, 1, 0x70, 0, 1] }, /one table, not several/],
    ['a table of typed references', { tables: [1, 0x63, 0x00, 0, 1] }, /table of an unknown kind/],
    ['an array type', { types: [[0x5e, 0x7f, 0x01]] }, /garbage collector/],
    ['a function of references', { types: [[0x60, 1, 0x63, 0x00, 0]] }, /garbage collector/],
  ] as const satisfies readonly (readonly [string, ModuleParts, RegExp])[]) {
    it(`refuse ${what}`, () => assert.throws(() => limited(parts), reason));
  }

  it('refuse what is no module', () => {
    for (const bytes of [[], [0x00, 0x61, 0x73], [...Buffer.from('export default {}')]])
      assert.throws(() => limitModule(Uint8Array.from(bytes), LIMITS), /no WebAssembly module/);
  });

  it('hold for every module that is let through, however damaged', () => {
    const bytes = wasmModule({ functions: growing, tables: [1, 0x70, 0, 1] });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = byte;
        for (const memory of memoriesOf(damaged)) assert.throws(() => memory.grow(17), RangeError);
      }),
      { numRuns: runs(2_000) },
    );
  });

  /** The memory of a module; none where it is refused. */
  function memoriesOf(bytes: Uint8Array): WebAssembly.Memory[] {
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(limitModule(bytes, LIMITS)));
      return Object.values(exports).filter((found) => found instanceof WebAssembly.Memory);
    } catch {
      return [];
    }
  }
});
