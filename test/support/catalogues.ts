import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './dist.ts';

export const LANGUAGES = ['en-US', 'de'] as const;

/** A catalogue of the editor, by the whole key of each text. */
export function readCatalogue(file: string): Map<string, string> {
  return flatten(JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')));
}

/** The parameters of a text, `__name__`. */
export function parametersOf(text: string): string[] {
  return [...text.matchAll(/__(\w+?)__/g)].map(([, name]) => name ?? '').sort();
}

function flatten(value: unknown, prefix = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[prefix, value]]);
  const entries = Object.entries(value as object);
  return new Map(
    entries.flatMap(([key, inner]) => [...flatten(inner, prefix === '' ? key : `${prefix}.${key}`)]),
  );
}
