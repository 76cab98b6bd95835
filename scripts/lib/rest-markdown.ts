import type { Json } from '../../src/domain/json.ts';
import type { JsonSchema } from '../../src/domain/rest/components.ts';
import type { OpenApiDocument } from '../../src/domain/rest/openapi.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description: string;
}

/** `docs/rest.md`: the OpenAPI document, for reading. */
export function restMarkdown(document: OpenApiDocument): string {
  const paths = Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1));
  const { schemas } = document.components as { schemas: Record<string, JsonSchema> };
  return [
    '# REST interface',
    '',
    '<!-- Written by `npm run docs` from the route table (src/domain/rest); do not edit. -->',
    '',
    'The same as a page that can be tried out is at `/api/doc` of a running RIPE, and as OpenAPI 3.1 at `/api/doc/api.json`.',
    'What holds for all routes, such as keys, dates and errors, is in [protocol.md](protocol.md), every error code in',
    '[errors.md](errors.md).',
    '',
    'Each route has a call for a shell and what it answers, in a garden with one plant. Take what is yours for `$ID` and `$KEY`',
    '(the answer of `POST /api/sensor`), `$AGENT` (`printf 01_Water | base64`), `$JOB` (the `id` of a job), and `$TOKEN` (the',
    'administrator token: `.ripe/admin-token`, unless `RIPE_ADMIN_TOKEN` says another):',
    '',
    '```sh',
    'ID=1 KEY=w4gidhvt9FNg AGENT=$(printf 01_Water | base64) TOKEN=$(cat .ripe/admin-token)',
    '```',
    '',
    ...paths.flatMap(([path, methods]) => pathSection(path, methods)),
    '## Schemas',
    '',
    ...Object.entries(schemas).flatMap(([name, schema]) => [`### ${name}`, '', ...codeOf(schema), '']),
  ].join('\n');
}

function pathSection(path: string, methods: Record<string, JsonSchema>): string[] {
  return Object.entries(methods).flatMap(([method, operation]) => [
    `## ${method.toUpperCase()} ${path}`,
    '',
    `${operation['summary']}.${proofOf(operation)}`,
    '',
    ...parametersOf(operation['parameters'] as Parameter[]),
    ...bodyOf(operation['requestBody'] as JsonSchema | undefined),
    ...exampleOf(path, method, operation),
    ...answersOf(operation['responses'] as Record<string, JsonSchema>),
    '',
  ]);
}

function proofOf(operation: JsonSchema): string {
  const alternatives = ((operation['security'] ?? []) as object[]).map(
    (each) => Object.keys(each)[0] ?? null,
  );
  if (alternatives.includes('sensorKey') && alternatives.includes('administrator'))
    return ' Needs the present key of the sensor (`X-KEY`), not a former one, or the administrator token.';
  if (alternatives.includes('sensorKey')) return ' Needs the key of the sensor (`X-KEY`).';
  if (alternatives.includes('metrics')) return ' Needs the token for figures, or the administrator token.';
  if (!alternatives.includes('administrator')) return '';
  const unless = alternatives.includes(null) ? ', unless registration is open' : '';
  return ` Needs the administrator token${unless}.`;
}

function parametersOf(parameters: readonly Parameter[]): string[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map(
    ({ name, in: place, required, description }) =>
      `| \`${name}\` | ${place}${required === true ? '' : ', optional'} | ${description} |`,
  );
  return ['| parameter | in | meaning |', '| --- | --- | --- |', ...rows, ''];
}

function bodyOf(body: JsonSchema | undefined): string[] {
  return body === undefined ? [] : [`Body: ${described(body)}`, ''];
}

/** A call as a shell sends it, and its answer. */
function exampleOf(path: string, method: string, operation: JsonSchema): string[] {
  const { 200: answer } = operation['responses'] as { 200: { content: Record<string, Content> } };
  const [type = '', { example } = {}] = Object.entries(answer.content)[0] ?? [];
  const text = type === 'application/json' ? readable(example ?? null) : String(example).trimEnd();
  const language = type === 'application/json' ? 'json' : 'text';
  return ['```sh', curlOf(path, method, operation), '```', '', `\`\`\`${language}`, text, '```', ''];
}

interface Content {
  readonly schema: JsonSchema;
  readonly example?: Json;
}

function curlOf(path: string, method: string, operation: JsonSchema): string {
  const body = operation['requestBody'] as { content: Record<string, Content> } | undefined;
  const { example } = body?.content['application/json'] ?? {};
  const isStream = operation['operationId'] === 'events';
  const flags = `${isStream ? ' -N' : ''}${method === 'get' ? '' : ` -X ${method.toUpperCase()}`}`;
  return [
    `curl${flags} "http://127.0.0.1:1880${placeOf(path)}${queryOf(operation['parameters'] as Parameter[])}"`,
    ...proofHeaderOf((operation['security'] ?? []) as object[]),
    ...(example === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(example)}'`]),
  ].join(' \\\n  ');
}

const placeOf = (path: string): string =>
  path.replace('{id}', '$ID').replace('{domain64}', '$AGENT').replace('{job}', '$JOB');

function queryOf(parameters: readonly Parameter[]): string {
  const isRanged = parameters.some(({ name, required }) => name === 'from' && required === true);
  return isRanged ? '?from=2026-06-01T11:30:00Z&until=2026-06-01T12:30:00Z' : '';
}

/** Nobody shows a token where none is needed. */
function proofHeaderOf(security: readonly object[]): string[] {
  const proofs = security.flatMap((each) => Object.keys(each));
  if (proofs.includes('sensorKey')) return ['-H "X-KEY: $KEY"'];
  return proofs.length > 0 && proofs.length >= security.length ? ['-H "Authorization: Bearer $TOKEN"'] : [];
}

const WIDEST = 100;

/** JSON in as few lines as can be read. */
function readable(value: Json, indent = ''): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDEST) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((each) => `${inner}${readable(each, inner)}`)
    : Object.entries(value).map(
        ([name, each]) => `${inner}${JSON.stringify(name)}: ${readable(each, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

function answersOf(responses: Record<string, JsonSchema>): string[] {
  return Object.entries(responses).map(([status, response]) => {
    const body = response['content'] === undefined ? 'nothing' : described(response);
    return `- **${status}** ${body}: ${response['description']}`;
  });
}

/** The schema of a body in a few words, with links to those that have a name; what is no JSON by its type. */
function described(body: JsonSchema): string {
  const content = body['content'] as Record<string, Content>;
  const types = Object.entries(content).map(([type, { schema }]) =>
    type === 'application/json' ? typeText(schema) : `\`${type}\``,
  );
  return types.join(', or ');
}

function typeText(schema: JsonSchema): string {
  const { $ref, anyOf, items, type } = schema as {
    $ref?: string;
    anyOf?: JsonSchema[];
    items?: JsonSchema;
    type?: string | string[];
  };
  if ($ref !== undefined) {
    const name = $ref.replace('#/components/schemas/', '');
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (anyOf !== undefined) return anyOf.map(typeText).join(' or ');
  if (type === 'array' && items !== undefined) return `list of ${typeText(items)}`;
  return [type ?? 'anything'].flat().join(' or ');
}

function codeOf(schema: JsonSchema): string[] {
  return ['```json', JSON.stringify(schema, null, 2), '```'];
}
