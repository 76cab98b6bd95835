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

/** A call with a body, as a shell sends it: ID, KEY, AGENT and TOKEN as in the README. */
function exampleOf(path: string, method: string, operation: JsonSchema): string[] {
  const body = operation['requestBody'] as { content: Record<string, { example?: object }> } | undefined;
  const example = body?.content['application/json']?.example;
  if (example === undefined) return [];
  const place = path.replace('{id}', '$ID').replace('{domain64}', '$AGENT');
  const proofs = ((operation['security'] ?? []) as object[]).flatMap((each) => Object.keys(each));
  const proof = proofs.includes('sensorKey')
    ? ['-H "X-KEY: $KEY"']
    : proofs[0] === 'administrator' && proofs.length === (operation['security'] as object[]).length
      ? ['-H "Authorization: Bearer $TOKEN"']
      : [];
  const parts = [
    `curl -X ${method.toUpperCase()} "http://127.0.0.1:1880${place}"`,
    ...proof,
    "-H 'Content-Type: application/json'",
    `-d '${JSON.stringify(example)}'`,
  ];
  return ['```sh', parts.join(' \\\n  '), '```', ''];
}

function answersOf(responses: Record<string, JsonSchema>): string[] {
  return Object.entries(responses).map(
    ([status, response]) => `- **${status}** ${described(response)}: ${response['description']}`,
  );
}

/** The schema of a body in a few words, with links to those that have a name; what is no JSON by its type. */
function described(body: JsonSchema): string {
  const content = body['content'] as Record<string, { schema: JsonSchema }>;
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
    type?: string;
  };
  if ($ref !== undefined) {
    const name = $ref.replace('#/components/schemas/', '');
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (anyOf !== undefined) return anyOf.map(typeText).join(' or ');
  return type === 'array' && items !== undefined ? `list of ${typeText(items)}` : (type ?? 'anything');
}

function codeOf(schema: JsonSchema): string[] {
  return ['```json', JSON.stringify(schema, null, 2), '```'];
}
