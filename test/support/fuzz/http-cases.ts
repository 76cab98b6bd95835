import fc from 'fast-check';
import { anyOf, NASTY_TEXTS, nastyValue, type Schemas } from './schema-values.ts';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Json;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

export interface HttpCase {
  readonly method: string;
  readonly path: string;
  /** Which of the keys that the test knows is sent. */
  readonly key: 'own' | 'wrong' | 'none' | 'token';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Who the caller may be: sensors of its own, and one whose key it does not know. */
export interface Known {
  readonly ids: readonly number[];
  readonly foreign: number;
  readonly domains: readonly string[];
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const JSON_TYPE = 'application/json';

/** A call of any operation of the document: mostly as it asks for, sometimes not. */
export function anyCall(document: Document, known: Known): fc.Arbitrary<HttpCase> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return fc.constantFrom(...operations).chain(({ path, method, operation }) =>
    fc.record({
      method: mostly(method, fc.constantFrom(...METHODS)),
      path: pathOf(path, operation, known, document.components.schemas),
      key: fc.constantFrom(
        'own' as const,
        'own' as const,
        'own' as const,
        'wrong' as const,
        'none' as const,
        'token' as const,
      ),
      headers: anyHeaders,
      body: bodyOf(operation, document.components.schemas),
    }),
  );
}

function mostly<Value>(right: Value, others: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: others });
}

function pathOf(path: string, operation: Operation, known: Known, schemas: Schemas): fc.Arbitrary<string> {
  const id = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known.ids).map(String) },
    { weight: 1, arbitrary: fc.constant(String(known.foreign)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('0', '-1', '+1', '1e3', '0x1', '99999999999', '%31', '..', '1%2F2', '%'),
    },
  );
  const domain = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known.domains).map(base64) },
    { weight: 2, arbitrary: fc.string({ maxLength: 30 }).map(base64) },
    { weight: 1, arbitrary: fc.constantFrom('%00', '====', '..%2f..', '%ff', 'AA', '/'.repeat(40)) },
  );
  const job = fc.constantFrom('none', '00000000-0000-4000-8000-000000000000', '%2e%2e', "'");
  return fc.tuple(id, domain, job, queryOf(operation, schemas)).map(([i, d, j, query]) => {
    const place = path.replace('{id}', i).replace('{domain64}', d).replace('{job}', j);
    return query === '' ? place : `${place}?${query}`;
  });
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function queryOf({ parameters = [] }: Operation, schemas: Schemas): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema = {}, required }) =>
      fc
        .tuple(anyOf(schema, schemas), fc.integer({ min: required === true ? 1 : 0, max: 2 }))
        .map(([value, times]) =>
          Array<string>(Math.max(0, times === 2 ? (Math.abs(hashOf(value)) % 8 === 0 ? 2 : 1) : times)).fill(
            `${name}=${escaped(value)}`,
          ),
        ),
    );
  const junk = fc.oneof(
    { weight: 9, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.constantFrom(['a[__proto__]=1'], ['%'], ['=&&='], ['from[]=1']) },
  );
  return fc.tuple(...pairs, junk).map((each) => each.flat().join('&'));
}

const hashOf = (value: unknown): number => String(JSON.stringify(value)).length;
const escaped = (value: unknown): string => {
  const text = typeof value === 'string' ? value : String(JSON.stringify(value));
  return encodeURIComponent(text.toWellFormed()).slice(0, 4_000);
};

function bodyOf({ requestBody }: Operation, schemas: Schemas): fc.Arbitrary<string | null> {
  const schema = requestBody?.content[JSON_TYPE]?.schema;
  const broken = fc.constantFrom(
    '',
    '{',
    'null',
    '[]',
    '{"a":1,}',
    '\ufeff{}',
    '['.repeat(30_000),
    `"${'x'.repeat(70_000)}"`,
  );
  const right = schema === undefined ? fc.constant<unknown>(undefined) : anyOf(schema, schemas);
  return fc.oneof(
    { weight: 10, arbitrary: right.map((value) => (value === undefined ? null : JSON.stringify(value))) },
    { weight: 1, arbitrary: nastyValue.map((value) => JSON.stringify(value) ?? null) },
    { weight: 1, arbitrary: broken },
  );
}

const anyHeaders = fc.record({
  'content-type': mostly(
    JSON_TYPE,
    fc.constantFrom(
      'text/plain',
      'application/json; charset=utf-7',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'x',
    ),
  ),
  'x-tz': fc.constantFrom('Europe/Berlin', 'UTC', 'Mars/Olympus', '../../etc', "'", 'x'.repeat(500)),
  accept: fc.constantFrom('application/json', 'text/csv', '*/*', 'text/html', ';q=x', ','.repeat(200)),
  'accept-language': fc.constantFrom('de', 'en', '*', 'x'.repeat(300), ';;q='),
  'user-agent': fc.constantFrom('ESP8266HTTPClient', 'fuzz', '$'.concat('{jndi:x}')),
  host: fc.constantFrom('127.0.0.1', '[::1', 'a'.repeat(300), 'x:y:z', ' '),
  'x-forwarded-for': fc.constantFrom('1.2.3.4', 'x, y', ...NASTY_TEXTS.slice(0, 2)),
});
