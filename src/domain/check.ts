import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { fieldError } from './errors.ts';

/** Checks a value against a schema, compiled once: returns it typed, or throws an error naming the field. */
export type Check<Schema extends TSchema> = (value: unknown) => Static<Schema>;

export function compileCheck<const Schema extends TSchema>(schema: Schema, root: string): Check<Schema> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value as Static<Schema>;
    const first = validator.Errors(value)[0];
    throw fieldError(fieldName(first?.instancePath ?? '', first, root), reasonOf(first));
  };
}

interface Fault {
  readonly message: string;
  readonly keyword: string;
  readonly params: object;
}

function fieldName(pointer: string, fault: Fault | undefined, root: string): string {
  const path = pointer.split('/').slice(1);
  // A missing member is reported at its parent; a person wants the name of what is missing.
  const missing = (fault?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0];
  if (missing !== undefined) path.push(missing);
  return path.length > 0 ? path.join('.') : root;
}

function reasonOf(fault: Fault | undefined): string {
  if (fault === undefined) return 'is not valid';
  if (fault.keyword === 'required') return 'is missing';
  // A member that the schema does not allow is checked against the schema `false`.
  return fault.keyword === 'boolean' ? 'is not known' : fault.message;
}
