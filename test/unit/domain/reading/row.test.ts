import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { METRICS } from '../../../../src/domain/reading/reading.ts';
import { type DataRow, foldReading, ROW_WINDOW_MS } from '../../../../src/domain/reading/row.ts';
import { make } from '../../../contract/changes.ts';

const NOW = Date.UTC(2026, 5, 1, 12);

describe('foldReading', () => {
  it('begins a row with the timestamp of the message where there is none (protocol §7.1)', () => {
    const reading = make.reading(NOW - 5, { moisture: 1 });
    assert.deepEqual(foldReading(null, reading, NOW), make.row(NOW - 5, { moisture: 1 }));
  });

  it('replaces the values of a younger row and keeps its timestamp (protocol §7.1)', () => {
    const row = make.row(NOW - ROW_WINDOW_MS + 1, { moisture: 1, light: 2 });
    const folded = foldReading(row, make.reading(NOW, { moisture: 3 }), NOW);
    assert.deepEqual(folded, make.row(row.timestamp, { moisture: 3, light: 2 }));
  });

  it('begins a row once the newest is half an hour old (protocol §7.1)', () => {
    const row = make.row(NOW - ROW_WINDOW_MS, { moisture: 1 });
    assert.deepEqual(foldReading(row, make.reading(NOW, { light: 3 }), NOW), make.row(NOW, { light: 3 }));
  });

  it('goes by the time of the server, whatever the message says (protocol §7.1)', () => {
    const row = make.row(NOW - 1000, { moisture: 1 });
    const old = make.reading(NOW - 10 * ROW_WINDOW_MS, { moisture: 2 });
    assert.deepEqual(foldReading(row, old, NOW), make.row(row.timestamp, { moisture: 2 }));
  });

  it('keeps values where the message has none: a radio has failed (protocol §7.1 FIX)', () => {
    const row = make.row(NOW - 1000, { battery: 1, moisture: 0, temperature: -3.5 });
    assert.deepEqual(foldReading(row, make.reading(NOW), NOW), row);
  });

  it('leaves further metrics out, and the row it was given as it was', () => {
    const row = Object.freeze(make.row(NOW - 1000, { moisture: 1 }));
    const folded = foldReading(row, make.reading(NOW, { extra: { ph: 6 } }), NOW);
    assert.deepEqual(Object.keys(folded), ['timestamp', ...METRICS]);
  });

  it('makes at most 48 rows a day, however often a sensor speaks (protocol §7.1)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 * 60_000 }), { maxLength: 200 }), (gaps) => {
        const begun = new Set<number>();
        let row: DataRow | null = null;
        let now = NOW;
        for (const gap of gaps) {
          now += gap;
          row = foldReading(row, make.reading(now), now);
          begun.add(row.timestamp);
        }
        const starts = [...begun];
        starts.forEach((at, index) => {
          const before = starts[index - 1];
          if (before !== undefined) assert.ok(at - before >= ROW_WINDOW_MS);
        });
      }),
    );
  });
});
