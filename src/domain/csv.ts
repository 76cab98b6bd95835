export type Cell = string | number | boolean | null;

const NEEDS_QUOTES = /[",\r\n]/;

/** A table as RFC 4180 wants it: a line of names, then one of each row; null is an empty cell. */
export function csvOf(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [names, ...rows].map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
