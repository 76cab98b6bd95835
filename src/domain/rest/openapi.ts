import type { TSchema } from 'typebox';
import type { Json } from '../json.ts';
import { ANSWER_EXAMPLES } from './answer-examples.ts';
import { componentSchemas, type JsonSchema, schemaOf } from './components.ts';
import { parametersOf } from './parameters.ts';
import type { Access, Method, Operation, Route } from './route.ts';

/** An OpenAPI 3.1 document, as plain JSON. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonSchema;
  readonly tags: readonly JsonSchema[];
  readonly paths: Record<string, Record<string, JsonSchema>>;
  readonly components: JsonSchema;
}

const TAGS = {
  garden: 'What concerns no single sensor',
  sensor: 'Sensors, their readings and logs',
  agent: 'Agents of a sensor: settings, commands, history',
} as const;

type Examples = Readonly<Record<Operation, Json>>;

/** The document that describes these routes: made of the table that also checks the calls. */
export function openApiDocument(
  routes: readonly Route[],
  version: string,
  examples: Examples = ANSWER_EXAMPLES,
): OpenApiDocument {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const operations = route.methods.map((method) => [
      method.toLowerCase(),
      operationOf(route, method, examples),
    ]);
    paths[route.path] = { ...paths[route.path], ...Object.fromEntries(operations) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'RIPE',
      version,
      description:
        'Plants and irrigation: sensors, their agents, and water that always stops. All answers are JSON in which ' +
        'characters beyond ASCII are escaped. A method that a path does not have is answered with 405, and with those that ' +
        'it has in the header Allow.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: componentSchemas(), securitySchemes: SECURITY_SCHEMES },
  };
}

const SECURITY_SCHEMES = {
  sensorKey: { type: 'apiKey', in: 'header', name: 'X-KEY', description: 'The key of the sensor' },
  administrator: { type: 'http', scheme: 'bearer', description: 'The administrator token' },
  metrics: { type: 'http', scheme: 'bearer', description: 'The token for figures' },
};

function operationOf(route: Route, method: Method, examples: Examples): JsonSchema {
  return {
    operationId: route.methods.length === 1 ? route.operation : `${route.operation}${method}`,
    tags: [tagOf(route.path)],
    summary: route.summary,
    ...(route.access === 'anybody' ? {} : { security: securityOf(route.access) }),
    parameters: parametersOf(route),
    ...(route.body === undefined ? {} : { requestBody: bodyOf(route.body, route.example) }),
    responses: responsesOf(route, examples[route.operation]),
  };
}

function tagOf(path: string): keyof typeof TAGS {
  if (path.startsWith('/api/agent/')) return 'agent';
  return path.startsWith('/api/sensor') ? 'sensor' : 'garden';
}

function securityOf(access: Exclude<Access, 'anybody'>): JsonSchema[] {
  switch (access) {
    case 'key':
      return [{ sensorKey: [] }];
    case 'presentKey':
      return [{ sensorKey: [] }, { administrator: [] }];
    case 'administrator':
      return [{ administrator: [] }];
    case 'metrics':
      return [{ metrics: [] }, { administrator: [] }];
    case 'registration':
      return [{}, { administrator: [] }];
    case 'keyInBody':
      return [{}];
  }
}

function responsesOf(route: Route, example: Json): JsonSchema {
  const refused = (description: string) => jsonOf({ $ref: '#/components/schemas/Error' }, { description });
  const hasInput = route.access !== 'anybody' || route.body !== undefined || route.range !== undefined;
  const isAdministrators = ['administrator', 'metrics', 'registration'].includes(route.access);
  return {
    200: answerOf(route, example),
    ...(hasInput ? { 400: refused('Something is wrong with the call; `field` names it') } : {}),
    ...(isAdministrators ? { 401: refused('The administrator token is missing or wrong') } : {}),
    ...(route.access === 'registration' ? { 403: refused('This garden takes no new sensors') } : {}),
    ...(route.path.includes('{id}') ? { 404: { description: 'The id is no 32-bit integer' } } : {}),
    ...(route.body === undefined
      ? {}
      : {
          408: refused('The body did not come in time'),
          413: refused('The body is too large'),
          415: refused('The body is no JSON'),
        }),
    ...(route.operation === 'health'
      ? {
          500: jsonOf(schemaOf(route.answer), {
            description: 'The database does not answer, or its disk hangs',
          }),
        }
      : {}),
    429: refused('Too many calls; `Retry-After` says in how many seconds to try again'),
    503:
      route.operation === 'ready'
        ? jsonOf(
            { anyOf: [schemaOf(route.answer), { $ref: '#/components/schemas/Error' }] },
            { description: 'Something is missing: what is false. Or there is no flow yet' },
          )
        : refused('RIPE is starting, its store did not take the change, or its disk hangs'),
  };
}

function bodyOf(schema: TSchema, example: object | undefined): JsonSchema {
  const shown = example === undefined ? {} : { example };
  return { required: true, content: { 'application/json': { schema: schemaOf(schema), ...shown } } };
}

const LINK = {
  description:
    'Where there is more: the address of the next page, relative to this one, with rel="next" (RFC 8288)',
  schema: { type: 'string' },
};

function answerOf(route: Route, example: Json): JsonSchema {
  const content = {
    [route.isStream ? 'text/event-stream' : (route.textType ?? 'application/json')]: {
      schema: schemaOf(route.answer),
      example,
    },
    ...(route.hasCsv ? { 'text/csv': { schema: { type: 'string' } } } : {}),
  };
  const headers = route.mostOnPage === undefined ? {} : { headers: { Link: LINK } };
  return { description: 'Done', ...headers, content };
}

function jsonOf(schema: JsonSchema, parts: JsonSchema): JsonSchema {
  return { ...parts, content: { 'application/json': { schema } } };
}
