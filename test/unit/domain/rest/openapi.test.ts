import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, it } from 'mocha';
import { compileCheck } from '../../../../src/domain/check.ts';
import { COMPONENTS, type JsonSchema } from '../../../../src/domain/rest/components.ts';
import { openApiDocument } from '../../../../src/domain/rest/openapi.ts';
import { ROUTES } from '../../../../src/domain/rest/routes.ts';

const document = openApiDocument(ROUTES, '1.2.3');
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every schema of the document, wherever it stands; an example is none. */
function* objectsIn(value: unknown): Iterable<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const [name, inner] of Object.entries(value)) if (name !== 'example') yield* objectsIn(inner);
}

describe('The OpenAPI document', () => {
  it('has every method and path of the route table, and no other', () => {
    const told = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    const expected = ROUTES.flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`));
    assert.deepEqual(told.sort(), expected.sort());
  });

  it('is one by the schema of OpenAPI 3.1 itself', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(
      structuredClone(document) as unknown as Record<string, unknown>,
    );
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
    const { paths: _paths, components: _components, ...rest } = document;
    const broken = await new Validator().validate({ ...rest, paths: { nowhere: { get: { responses: 5 } } } });
    assert.equal(broken.valid, false);
  });

  it('has an example of every body, which the route takes', () => {
    for (const { operation, body, example } of ROUTES) {
      assert.equal(example === undefined, body === undefined, operation);
      if (body !== undefined) compileCheck(body, operation)(example);
    }
  });

  it('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation['operationId']);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('declares the parameters of every path', () => {
    for (const { path, operation } of operations) {
      const declared = (operation['parameters'] as JsonSchema[]).filter((each) => each['in'] === 'path');
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(
        declared.map((each) => each['name']),
        inPath,
        path,
      );
    }
  });

  it('refers to schemas that there are, and names none that nobody uses', () => {
    const references = [...objectsIn(document)]
      .map((each) => each['$ref'])
      .filter((ref) => ref !== undefined);
    const used = new Set(references.map((ref) => String(ref).replace('#/components/schemas/', '')));
    assert.deepEqual([...used].sort(), Object.keys(COMPONENTS).sort());
  });

  it('spells tuples as JSON Schema 2020-12 does', () => {
    for (const schema of objectsIn(document))
      assert.ok(!Array.isArray(schema['items']), JSON.stringify(schema));
  });

  it('asks for the proof that the route asks for', () => {
    const securityOf = (path: string, method: string) => document.paths[path]?.[method]?.['security'];
    assert.deepEqual(securityOf('/api/sensor/{id}', 'get'), [{ sensorKey: [] }]);
    assert.deepEqual(securityOf('/api/sensor', 'get'), [{ administrator: [] }]);
    assert.equal(securityOf('/api/health', 'get'), undefined);
  });

  it('carries the version that it was asked for', () => {
    assert.equal(document.info['version'], '1.2.3');
  });
});
