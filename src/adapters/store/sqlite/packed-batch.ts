import type { SqlValue } from '../columns.ts';

/**
 * A batch on its way to the writer: one buffer of numbers, which changes its owner, and one text. Copied value by
 * value, or as the records they are, changes would take the main thread up to twice as long.
 *
 * Each change is the number of its statements, and each statement is its number, the count of its values, and the
 * values: a number as itself, NULL as NaN, a text as TEXT and its length.
 */
export interface PackedBatch {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** All texts, one after the other. */
  readonly text: string;
}

export interface BoundStatement {
  readonly statement: number;
  readonly values: SqlValue[];
}

const TEXT = Number.NEGATIVE_INFINITY;
/** In place of a length: the number that TEXT is. */
const ITSELF = -1;
const USUAL_NUMBERS = 256;

/** Packs changes, one after the other. */
export class BatchPacker {
  #numbers = new Float64Array(USUAL_NUMBERS);
  #length = 0;
  #text = '';
  /** Where the change begins that is being packed. */
  #start = 0;
  #startOfText = 0;

  /** `pack` adds what the change does; if it throws, the change does nothing. */
  change(pack: () => void): void {
    this.#start = this.#length;
    this.#startOfText = this.#text.length;
    this.#push(0);
    try {
      pack();
    } catch (error) {
      this.#length = this.#start + 1;
      this.#numbers[this.#start] = 0;
      this.#text = this.#text.slice(0, this.#startOfText);
      throw error;
    }
  }

  statement(statement: number, values: readonly SqlValue[]): void {
    this.#reserve(2 + 2 * values.length);
    const numbers = this.#numbers;
    numbers[this.#start] = (numbers[this.#start] as number) + 1;
    numbers[this.#length++] = statement;
    numbers[this.#length++] = values.length;
    for (const value of values) this.#value(value);
  }

  /** What was packed; the packer is empty then. */
  take(): PackedBatch {
    const batch = { numbers: this.#numbers.subarray(0, this.#length), text: this.#text };
    this.#numbers = new Float64Array(USUAL_NUMBERS);
    this.#length = 0;
    this.#text = '';
    return batch;
  }

  /** Where there is room for it. */
  #value(value: unknown): void {
    const numbers = this.#numbers;
    if (value === null) {
      numbers[this.#length++] = Number.NaN;
    } else if (typeof value === 'string') {
      numbers[this.#length++] = TEXT;
      numbers[this.#length++] = value.length;
      this.#text += value;
    } else if (typeof value === 'number') {
      numbers[this.#length++] = value;
      if (value === TEXT) numbers[this.#length++] = ITSELF;
    } else {
      throw new TypeError(`a column holds no ${typeof value}`);
    }
  }

  #push(number: number): void {
    this.#reserve(1);
    this.#numbers[this.#length++] = number;
  }

  #reserve(count: number): void {
    const wanted = this.#length + count;
    if (wanted <= this.#numbers.length) return;
    const bytes = 8 * Math.max(wanted, 2 * this.#numbers.length);
    this.#numbers = new Float64Array(this.#numbers.buffer.transfer(bytes));
  }
}

/** The changes of a batch, each with its statements. */
export function* changesOf({ numbers, text }: PackedBatch): Generator<readonly BoundStatement[]> {
  let [place, placeInText] = [0, 0];
  const next = () => numbers[place++] as number;
  const value = (): SqlValue => {
    const number = next();
    if (Number.isNaN(number)) return null;
    if (number !== TEXT) return number;
    const length = next();
    if (length === ITSELF) return TEXT;
    placeInText += length;
    return text.slice(placeInText - length, placeInText);
  };
  const bound = (): BoundStatement => {
    const statement = next();
    const values: SqlValue[] = new Array(next());
    for (let index = 0; index < values.length; index += 1) values[index] = value();
    return { statement, values };
  };
  while (place < numbers.length) {
    const statements: BoundStatement[] = new Array(next());
    for (let index = 0; index < statements.length; index += 1) statements[index] = bound();
    yield statements;
  }
}
