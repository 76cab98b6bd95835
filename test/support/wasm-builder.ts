import { leb128 } from '../../src/adapters/agents/wasm/byte-reader.ts';

/** An instruction, or several, as bytes. */
export type Code = readonly number[];

interface Func {
  /** How many i32 it takes; it gives back one where `isVoid` is not set. */
  readonly params: number;
  readonly isVoid?: boolean;
  readonly code: Code;
}

export interface ModuleParts {
  /** Functions that are imported, as `module.name`: each takes two i32 and gives nothing back. */
  readonly imports?: readonly string[];
  readonly functions?: Readonly<Record<string, Func>>;
  /** Bodies of whole sections. */
  readonly memory?: Code | null;
  readonly tables?: Code;
  readonly types?: readonly Code[];
  readonly exportsMemory?: boolean;
  /** Texts by the address at which each lies. */
  readonly data?: Readonly<Record<number, Uint8Array>>;
}

const I32 = 0x7f;
const PAGE = 1;

export const op = {
  const: (value: number): Code => [0x41, ...signed(value)],
  param: (index: number): Code => [0x20, ...leb128(index)],
  call: (index: number): Code => [0x10, ...leb128(index)],
  trap: [0x00],
  drop: [0x1a],
  return: [0x0f],
  equal: [0x46],
  /** The byte so far behind the address on the stack. */
  byteAt: (offset: number): Code => [0x2d, 0x00, ...leb128(offset)],
  when: (code: Code): Code => [0x04, 0x40, ...code, 0x0b],
  forever: [0x03, 0x40, 0x0c, 0x00, 0x0b],
  growMemory: (pages: number): Code => [...op.const(pages), 0x40, 0x00],
  growTable: (elements: number): Code => [0xd0, 0x70, ...op.const(elements), 0xfc, 0x0f, 0x00],
} as const;

/** A WebAssembly module, put together byte by byte. */
export function wasmModule(parts: ModuleParts): Uint8Array {
  const { imports = [], functions = {}, memory = [1, 0, PAGE], tables, types = [], data = {} } = parts;
  const defined = Object.entries(functions);
  const all = [...imports.map(() => ({ params: 2, isVoid: true })), ...defined.map(([, each]) => each)];
  const exported = defined.map(([name], index) => [...text(name), 0, ...leb128(imports.length + index)]);
  if (parts.exportsMemory !== false && memory !== null) exported.push([...text('memory'), 2, 0]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([...all.map(typeOf), ...types])),
    ...section(2, vector(imports.map((name, index) => [...name.split('.').flatMap(text), 0, index]))),
    ...section(3, vector(defined.map((_, index) => leb128(imports.length + index)))),
    ...(tables === undefined ? [] : section(4, tables)),
    ...(memory === null ? [] : section(5, memory)),
    ...section(7, vector(exported)),
    ...section(10, vector(defined.map(([, { code }]) => sized([0, ...code, 0x0b])))),
    ...section(11, vector(Object.entries(data).map(([address, bytes]) => segment(Number(address), bytes)))),
  ]);
}

/** What the agent type of `wasmAgent` answers, and the code that runs before it does. */
interface AgentParts extends ModuleParts {
  readonly description?: object;
  readonly version?: string;
  readonly decision?: unknown;
  /** Runs before each decision; `[...address, ...op.return]` in it answers with what lies there. */
  readonly onDecide?: Code;
  readonly onDescribe?: Code;
  readonly onMigrate?: Code;
  readonly abi?: number;
}

const AT = { description: 1024, state: 8192, decision: 12_288, ui: 16_384, input: 20_480 } as const;
/** All inputs begin with `{"fn":"`: the letter behind it says which function is asked for. */
const FN = 7;

/** A module that speaks the ABI: an agent type whose every answer is the same. */
export function wasmAgent(parts: AgentParts = {}): Uint8Array {
  const decision = parts.decision ?? { hold: 7, because: { code: 'did' } };
  const ui = { decorator: { Text: null }, state: 'Ready', rendered: 'a module' };
  const whenAsked = (letter: string, code: Code) => [
    ...[...op.param(0), ...op.byteAt(FN), ...op.const(letter.charCodeAt(0)), ...op.equal],
    ...op.when(code),
  ];
  return wasmModule({
    ...parts,
    functions: {
      ripe_abi: { params: 0, code: op.const(parts.abi ?? 1) },
      ripe_describe: { params: 0, code: [...(parts.onDescribe ?? []), ...op.const(AT.description)] },
      ripe_alloc: { params: 1, code: op.const(AT.input) },
      ripe_free: { params: 1, isVoid: true, code: [] },
      ripe_call: {
        params: 2,
        code: [
          ...whenAsked('d', [...(parts.onDecide ?? []), ...op.const(AT.decision), ...op.return]),
          ...whenAsked('m', parts.onMigrate ?? []),
          ...whenAsked('r', [...op.const(AT.ui), ...op.return]),
          ...op.const(AT.state),
        ],
      },
      ...parts.functions,
    },
    data: {
      [AT.description]: result({ ...describing(parts.version ?? '1.0.0'), ...parts.description }),
      [AT.state]: result({ count: 0 }),
      [AT.decision]: result(decision),
      [AT.ui]: result(ui),
      ...parts.data,
    },
  });
}

/** A result as the ABI has it: the length, and the text. */
export function result(value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const describing = (version: string) => ({
  name: 'ModuleAgent',
  version,
  apiVersion: 1,
  neutral: 0,
  settings: {},
  explanations: { en: { did: 'It did.' }, de: { did: 'Getan.' } },
});

const typeOf = ({ params, isVoid = false }: Omit<Func, 'code'>): Code => [
  0x60,
  ...vector(Array.from({ length: params }, () => [I32])),
  ...vector(isVoid ? [] : [[I32]]),
];

const segment = (address: number, bytes: Uint8Array): Code => [
  0,
  ...op.const(address),
  0x0b,
  ...leb128(bytes.length),
  ...bytes,
];

const text = (value: string): Code => sized([...Buffer.from(value)]);
const sized = (code: Code): Code => [...leb128(code.length), ...code];
const vector = (items: readonly Code[]): Code => [...leb128(items.length), ...items.flat()];
const section = (id: number, body: Code): Code => [id, ...sized(body)];

/** A signed number as LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}
