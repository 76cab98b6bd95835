/** Puts the pieces of a stream together to lines. */
export class LineReader {
  readonly #take: (line: string) => void;
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  /** How long the line is that has not ended yet. */
  get open(): number {
    return this.#rest.length;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }
}
