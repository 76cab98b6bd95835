import fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;
export type Schemas = Readonly<Record<string, Schema>>;

/** What no schema asks for, and what has broken programs before. */
export const NASTY_TEXTS = [
  '',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\ud800',
  "' OR 1=1 --",
  '{{7*7}}',
  '<script>',
  'NaN',
  '9'.repeat(400),
  'ü'.repeat(300),
  'x'.repeat(70_000),
];

/** Anything that is JSON, and some that are only nearly. */
export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(...NASTY_TEXTS),
  fc.constantFrom(-1, 0, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, -(2 ** 63), Number.MIN_VALUE),
  fc.constantFrom({ __proto__: { admin: true } }, JSON.parse('{"__proto__":{"admin":true}}'), {
    constructor: { prototype: {} },
  }),
  fc.constant(JSON.parse('['.repeat(500) + ']'.repeat(500))),
);

/** Values of a JSON schema, and, one time in eight, at any place, something else. */
export function anyOf(schema: Schema, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 7, arbitrary: rightValue(schema, schemas, depth) },
    { weight: 1, arbitrary: nastyValue },
  );
}

function rightValue(schema: Schema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant(null);
  const inner = (each: unknown) => anyOf((each ?? {}) as Schema, schemas, depth + 1);
  const { $ref, const: only, enum: options, type, minimum, maximum, format } = schema;
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (typeof $ref === 'string') return inner(schemas[$ref.split('/').at(-1) ?? '']);
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(options)) return fc.constantFrom(...(options as unknown[]));
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  if (Array.isArray(type)) return fc.oneof(...type.map((each) => inner({ ...schema, type: each })));
  switch (type) {
    case 'integer':
      return fc.maxSafeInteger().map((value) => within(value, minimum, maximum));
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      if (format === 'date-time') return anyDate;
      return fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    case 'array':
      return arrayOf(schema, inner);
    case 'object':
      return objectOf(schema, inner);
    default:
      return nastyValue;
  }
}

/** Half of them near enough to now to be of some day that has data. */
const anyDate = fc.oneof(
  fc.integer({ min: -2, max: 2 }).map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString()),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

function within(value: number, minimum: unknown, maximum: unknown): number {
  const lowest = typeof minimum === 'number' ? minimum : -1_000;
  const highest = Math.min(typeof maximum === 'number' ? maximum : 1_000_000, lowest + 100_000);
  return lowest + (Math.abs(value) % (highest - lowest + 1));
}

function arrayOf(schema: Schema, inner: (each: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const items = schema['prefixItems'] ?? schema['items'];
  if (Array.isArray(items)) return fc.tuple(...items.map(inner));
  return fc.array(inner(items), { maxLength: 4 });
}

function objectOf(schema: Schema, inner: (each: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const members = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, inner(each)]));
  const known = fc.record(members, { requiredKeys: (schema['required'] ?? []) as never[] });
  const patterns = Object.values((schema['patternProperties'] ?? {}) as Record<string, Schema>);
  const further = schema['additionalProperties'] ?? patterns[0];
  if (typeof further !== 'object') return known;
  const more = fc.dictionary(fc.string({ maxLength: 20 }), inner(further), { maxKeys: 4 });
  return fc.tuple(known, more).map(([own, others]) => ({ ...others, ...(own as object) }));
}
