import { ByteReader, leb128 } from './byte-reader.ts';

/** How far a module may grow: memory in pages of 64 KiB, tables in elements. */
export interface ModuleLimits {
  readonly pages: number;
  readonly elements: number;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { types: 1, tables: 4, memories: 5 } as const;
const FUNCTION_TYPE = 0x60;
const FUNCREF = 0x70;
const EXTERNREF = 0x6f;
/** i32, i64, f32, f64, v128, funcref, externref: all the values that there are without garbage collection. */
const VALUE_TYPES: readonly number[] = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b, FUNCREF, EXTERNREF];

/**
 * The same module with an upper bound written into its memory and its tables. A worker's heap limit does not cover the
 * memory of WebAssembly at all, and a table or an array that outgrows the heap at one stroke ends the whole process.
 * Sections that this does not look into are left to the engine's own checks.
 */
export function limitModule(module: Uint8Array, limits: ModuleLimits): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(module);
  if (module.length < HEADER.length || HEADER.some((byte) => reader.byte() !== byte))
    throw new Error('is no WebAssembly module of version 1');
  const parts: Uint8Array[] = [Uint8Array.from(HEADER)];
  let memories = 0;
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const body = reader.bytes(reader.unsigned());
    if (id === SECTION.types) checkTypes(body);
    if (id === SECTION.memories) memories += 1;
    const kept = limitSection(id, body, limits);
    parts.push(Uint8Array.from([id, ...leb128(kept.length)]), kept);
  }
  if (memories !== 1) throw new Error('must have one memory of its own');
  return Uint8Array.from(Buffer.concat(parts));
}

function limitSection(id: number, body: Uint8Array, limits: ModuleLimits): Uint8Array {
  if (id === SECTION.memories) return limitMemory(body, limits.pages);
  return id === SECTION.tables ? limitTables(body, limits.elements) : body;
}

function limitMemory(section: Uint8Array, most: number): Uint8Array {
  const reader = new ByteReader(section);
  if (reader.unsigned() !== 1) throw new Error('must have one memory, not several');
  return Uint8Array.from([1, ...bounded(reader, most, 'memory')]);
}

function limitTables(section: Uint8Array, most: number): Uint8Array {
  const reader = new ByteReader(section);
  const count = reader.unsigned();
  if (count > 1) throw new Error('must have one table, not several');
  if (count === 0) return section;
  const kind = reader.byte();
  if (kind !== FUNCREF && kind !== EXTERNREF) throw new Error('has a table of an unknown kind');
  return Uint8Array.from([1, kind, ...bounded(reader, most, 'table')]);
}

/** Limits: a flag (1: with a maximum), the minimum, the maximum. Other flags are for shared or 64-bit ones. */
function bounded(reader: ByteReader, most: number, what: string): number[] {
  const flag = reader.byte();
  if (flag > 1) throw new Error(`has a ${what} that is shared, of 64 bits, or of an unknown kind`);
  const least = reader.unsigned();
  const maximum = flag === 1 ? reader.unsigned() : most;
  if (least > most) throw new Error(`asks for a ${what} of ${least}; ${most} is the most`);
  if (!reader.isAtEnd) throw new Error(`has a ${what} of an unknown kind`);
  return [1, ...leb128(least), ...leb128(Math.min(maximum, most))];
}

/** Functions over plain numbers only: arrays and structs of the garbage-collection proposal have no bound. */
function checkTypes(section: Uint8Array): void {
  const reader = new ByteReader(section);
  const values = () => {
    for (let left = reader.unsigned(); left > 0; left--) {
      if (!VALUE_TYPES.includes(reader.byte())) throw new Error('uses types of the garbage collector');
    }
  };
  for (let left = reader.unsigned(); left > 0; left--) {
    if (reader.byte() !== FUNCTION_TYPE) throw new Error('uses types of the garbage collector');
    values();
    values();
  }
}
