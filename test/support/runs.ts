/**
 * How often something is tried that counts: as often as said in `npm test`, ten times as often in `npm run test:long`,
 * which sets RIPE_TEST_TIMES.
 */
export function runs(count: number): number {
  return count * Number(process.env['RIPE_TEST_TIMES'] ?? 1);
}
