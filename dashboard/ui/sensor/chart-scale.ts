/** Values and the limit with some air; a steady value is no mountain. */
export function roomFor(least: number | null, most: number | null, limit: number | null): [number, number] {
  const values = [least, most, limit].filter((value) => value !== null);
  const low = Math.min(...values, Number.POSITIVE_INFINITY);
  const high = Math.max(...values, Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(low)) return [0, 1];
  const air = Math.max((high - low) * 0.12, 0.5);
  return [low >= 0 && low - air < 0 ? 0 : low - air, high + air];
}

/** A time below a chart whose labels are `stepSeconds` apart. */
export function timeLabel(at: number, stepSeconds: number, language: string): string {
  const date = new Date(at);
  if (stepSeconds >= 28 * 86_400) return date.toLocaleDateString(language, { month: 'short' });
  if (stepSeconds >= 86_400) return date.toLocaleDateString(language, { day: 'numeric', month: 'short' });
  if (date.getHours() === 0 && date.getMinutes() === 0)
    return date.toLocaleDateString(language, { day: 'numeric', month: 'short' });
  return date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
}
