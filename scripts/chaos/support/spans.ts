/** A stretch of time on one steady clock, in ms; `until` is null while it lasts. */
export interface Span {
  readonly from: number;
  until: number | null;
}

/** How much of `from` … `until` lies in any of the spans, which may overlap. */
export function covered(spans: readonly Span[], from: number, until: number): number {
  const inside = spans
    .map((span) => ({ from: Math.max(span.from, from), until: Math.min(span.until ?? until, until) }))
    .filter((span) => span.until > span.from)
    .sort((a, b) => a.from - b.from);
  let total = 0;
  let reached = from;
  for (const span of inside) {
    total += Math.max(0, span.until - Math.max(span.from, reached));
    reached = Math.max(reached, span.until);
  }
  return total;
}

/** Spans that are opened and closed, one after the other. */
export class Spans {
  readonly list: Span[] = [];

  open(at: number): void {
    if (this.#last?.until !== null) this.list.push({ from: at, until: null });
  }

  close(at: number): void {
    const last = this.#last;
    if (last !== undefined && last.until === null) last.until = at;
  }

  get isOpen(): boolean {
    return this.#last?.until === null;
  }

  get #last(): Span | undefined {
    return this.list.at(-1);
  }
}
