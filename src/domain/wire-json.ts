/** V8's raw JSON (ECMAScript proposal, in Node.js since 21); TypeScript's library does not name it yet. */
declare global {
  interface JSON {
    rawJSON(text: string): object;
  }
}

const NON_ASCII = /[\u007f-\uffff]/;
const EACH_NON_ASCII = new RegExp(NON_ASCII, 'g');

/** A body, or part of one, that is written already: it says what `wireJson` would make of it. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A body as every client can read it: all non-ASCII characters escaped, since the app decodes some answers twice
 * and others as Latin-1 (protocol §2.1, trap 2).
 */
export function wireJson(value: unknown): string {
  if (value instanceof WrittenJson) return value.text;
  const json = JSON.stringify(value);
  // Most bodies have none, and looking is a fifth of the work.
  if (!NON_ASCII.test(json)) return json;
  return json.replace(
    EACH_NON_ASCII,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A number that is written with a decimal point or exponent: Dart reads `1` as an int (protocol §2.1, trap 1). */
export function double(value: number): object {
  const text = JSON.stringify(value);
  return JSON.rawJSON(/^-?\d+$/.test(text) ? `${text}.0` : text);
}
