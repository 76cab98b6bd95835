export type Cell = string | number | boolean | null;

const NEEDS_QUOTES = /[",\r\n]/;

/** Lines of a table as RFC 4180 wants them, the first of which are its names; null is an empty cell. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
