import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sensorParts } from '../../../../src/domain/sensor/sensor-parts.ts';

/** Ids with gaps, as they are where sensors have been removed. */
const garden = (count: number) => Array.from({ length: count }, (_, place) => ({ id: 3 * place + 1 }));

async function parts(sensors: readonly { id: number }[]) {
  const load = async (after: number, most: number) => sensors.filter(({ id }) => id > after).slice(0, most);
  const found: { id: number }[][] = [];
  for await (const part of sensorParts(load, (part) => part)) found.push(part);
  return found;
}

describe('The sensors of a garden, some at a time', () => {
  for (const count of [0, 1, 999, 1_000, 1_001, 2_500]) {
    it(`are all there once, of ${count}`, async () => {
      const found = await parts(garden(count));
      assert.deepEqual(found.flat(), garden(count));
      assert.equal(found.length, Math.ceil(count / 1_000));
    });
  }
});
