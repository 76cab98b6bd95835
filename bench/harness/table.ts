import type { BenchOutcome, BenchRow } from './bench-case.ts';

/** The figures of a case: names on the left, values in line at their last digit. */
export function renderOutcome(outcome: BenchOutcome): string {
  const head = `${outcome.name}: ${outcome.title}`;
  if ('error' in outcome) return `${head}\n  failed: ${outcome.error}`;
  const cells = outcome.rows.map((row) => ({ row, value: valueText(row) }));
  const nameWidth = longest(cells.map(({ row }) => row.name));
  const valueWidth = longest(cells.map(({ value }) => value));
  const lines = cells.map(
    ({ row, value }) => `  ${row.name.padEnd(nameWidth)}  ${value.padStart(valueWidth)} ${row.unit}`,
  );
  return [head, ...lines].join('\n');
}

/** Two decimals where they mean something. */
export function valueText({ value, unit }: BenchRow): string {
  if (unit === '×') return value.toFixed(2);
  return value.toFixed(value < 10 ? 2 : value < 1000 ? 1 : 0);
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}
