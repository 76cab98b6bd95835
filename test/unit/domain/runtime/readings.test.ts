import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Resolution } from '../../../../src/domain/reading/resolution.ts';
import type { Reply } from '../../../../src/domain/runtime/requests/reply.ts';
import { wireJson } from '../../../../src/domain/wire-json.ts';
import { GardenHarness, request } from '../../../support/garden-harness.ts';

const HOUR = 3_600_000;

/** A reading every ten minutes, for six hours from noon on: 36 of them, of moistures 0 to 35. */
async function measured(): Promise<{ garden: GardenHarness; from: number }> {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  const from = garden.clock.now();
  for (let n = 0; n < 36; n += 1) {
    await garden.receive(1, { moisture: n, ...(n === 0 ? { ph: 6.5 } : {}) });
    await garden.pass(10 * 60_000);
  }
  return { garden, from };
}

describe('readings by resolution', () => {
  const ask = async (resolution: Resolution, parts: object = {}) => {
    const { garden, from } = await measured();
    const range = { from, until: from + 24 * HOUR };
    const page = { limit: 100, after: null };
    const asked = { sensor: 1, range, resolution, page, ...parts };
    return { rows: (await garden.ask('rows', asked)) as Record<string, unknown>[], garden, asked, from };
  };

  it('are every reading as it came, with its further metrics', async () => {
    const { rows } = await ask('raw');
    assert.equal(rows.length, 36);
    assert.deepEqual([rows[0]?.['moisture'], rows[0]?.['extra']], [0, { ph: 6.5 }]);
    assert.deepEqual([rows[35]?.['moisture'], rows[35]?.['extra']], [35, {}]);
  });

  it('are the folded rows of half an hour', async () => {
    const { rows } = await ask('30m');
    assert.deepEqual(
      rows.slice(0, 3).map(({ moisture }) => moisture),
      [2, 5, 8],
    );
  });

  it('are the spread of readings, and of half hours', async () => {
    const fine = (await ask('5m')).rows;
    assert.deepEqual([fine.length, fine[1]?.['count']], [36, 1]);
    assert.deepEqual(fine[1]?.['moisture'], { min: 1, mean: 1, max: 1 });
    const { rows, from } = await ask('1h');
    assert.deepEqual([rows.length, rows[0]?.['count']], [6, 2]);
    assert.equal(rows[0]?.['timestamp'], new Date(from).toISOString());
    assert.deepEqual(rows[0]?.['moisture'], { min: 2, mean: 3.5, max: 5 });
    assert.equal(rows[0]?.['temperature'], null);
  });

  it('know the days of the zone', async () => {
    const utc = await ask('1d');
    assert.equal(utc.rows.length, 1);
    const tokyo = await ask('1d', { timeZone: 'Asia/Tokyo' });
    // Noon is nine in the evening there: midnight comes after three hours.
    assert.deepEqual(
      tokyo.rows.map(({ count }) => count),
      [6, 6],
    );
  });

  it('come page by page, and each once', async () => {
    for (const resolution of ['raw', '30m', '5m', '1h'] as const) {
      const { garden, asked, rows } = await ask(resolution);
      const walked: unknown[] = [];
      let page: object | null = { limit: 5, after: null };
      while (page !== null) {
        const reply: Reply = await garden.runtime.request(
          request('rows', { ...asked, ...{ page } } as never),
        );
        walked.push(...JSON.parse(wireJson(reply.body)));
        const cursor = /cursor=(\d+)\.(\d+)/.exec(reply.headers?.['link'] ?? '');
        page =
          cursor === null ? null : { limit: 5, after: { at: Number(cursor[1]), skip: Number(cursor[2]) } };
      }
      assert.deepEqual(walked, rows, resolution);
    }
  });

  it('are a table for who wants one', async () => {
    const { garden, asked } = await ask('raw');
    const { body, type } = await garden.runtime.request(request('rows', { ...asked, format: 'csv' }));
    const lines = String(body).split('\r\n');
    assert.match(type ?? '', /^text\/csv/);
    assert.equal(lines.length, 38);
    assert.equal(
      lines[0],
      'timestamp,battery,moisture,temperature,humidity,carbon,conductivity,light,extra,offsets',
    );
    assert.match(lines[1] ?? '', /^2026-06-01T12:00:00\.000Z,,0,,,,,,"\{""ph"":6\.5\}",$/);
    const hours = await garden.runtime.request(
      request('rows', { ...asked, resolution: '1h', format: 'csv' }),
    );
    assert.match(String(hours.body), /^timestamp,count,battery_min,battery_mean,battery_max,moisture_min/);
    assert.match(String(hours.body), /\r\n2026-06-01T12:00:00\.000Z,2,,,,2,3\.5,5,/);
  });
});
