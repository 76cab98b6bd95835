import assert from 'node:assert/strict';
import {
  heldBands,
  jobBands,
  loadHistory,
  mergeBands,
  resolutionOf,
  seriesOf,
} from '../../../dashboard/ui/data/history.ts';
import type { Bucket, Job, Row } from '../../../dashboard/ui/data/shapes.ts';
import { FakeGardenClient } from '../../support/fake-garden-client.ts';

const HOUR = 3_600_000;
const T = Date.UTC(2026, 5, 1);
const iso = (ms: number) => new Date(T + ms).toISOString();

describe('The history of a sensor', () => {
  it('is asked for so finely that there are a few hundred points of each span', () => {
    const resolution = (hours: number) => resolutionOf({ from: T, until: T + hours * HOUR }).name;
    assert.deepEqual([1, 24, 168, 720, 8_760].map(resolution), ['raw', '5m', '30m', '1h', '1d']);
  });

  it('is that of the rows where the readings of a day are not kept any more', async () => {
    const client = new FakeGardenClient();
    client.answer = ({ path }) =>
      path.includes('resolution=30m') ? [{ timestamp: iso(0), moisture: 31 }] : [];
    const day = { from: T, until: T + 24 * HOUR };
    assert.deepEqual((await loadHistory(client.asClient, 7, day)).get('moisture')?.mean, [31]);
    assert.equal(client.paths.length, 2);
    client.answer = () => [];
    assert.equal((await loadHistory(client.asClient, 7, { from: T, until: T + 100 * HOUR })).size, 0);
    assert.equal(client.paths.length, 3);
  });

  it('has a gap where nothing was measured for long', () => {
    const rows = [0, 1, 9].map((hour) => ({ timestamp: iso(hour * HOUR), moisture: 30 + hour })) as Row[];
    const { times, mean, hasSpread } = seriesOf(rows, 'moisture', 3 * HOUR);
    assert.deepEqual(mean, [30, 31, null, 39]);
    assert.equal(times[2], (T + 5 * HOUR) / 1000);
    assert.equal(hasSpread, false);
  });

  it('leaves out what was not measured, and knows the spread of longer rows', () => {
    const bucket = (moisture: object | null, hour: number) =>
      ({ timestamp: iso(hour * HOUR), moisture }) as Bucket;
    const series = seriesOf([bucket({ min: 1, mean: 2, max: 4 }, 0), bucket(null, 1)], 'moisture', HOUR);
    assert.deepEqual([series.least, series.mean, series.most, series.hasSpread], [[1], [2], [4], true]);
  });

  it('makes bands of commands: each holds until its agent gets another one', () => {
    const command = (domain: string, value: number, ms: number) => ({
      domain,
      command: value,
      created_at: iso(ms).replace('Z', ''),
    });
    const commands = [command('a', 1, 0), command('b', 50, 10), command('b', 60, 20), command('a', 0, 30)];
    assert.deepEqual(heldBands(commands, { from: T, until: T + 100 }), [
      { domain: 'a', from: T, until: T + 30 },
      { domain: 'b', from: T + 10, until: T + 100 },
    ]);
  });

  it('draws what is held since before the span, where nothing else was told within it', () => {
    const commands = [{ domain: 'b', command: 5, created_at: iso(10).slice(0, -1) }];
    assert.deepEqual(heldBands(commands, { from: T, until: T + 100 }, ['a', 'b']), [
      { domain: 'a', from: T, until: T + 100 },
      { domain: 'b', from: T + 10, until: T + 100 },
    ]);
  });

  it('draws a job from when its actuator was on: not while it waited for its supply', () => {
    const job = (parts: Partial<Job>) =>
      ({
        domain: 'a',
        state: 'ended',
        started_at: iso(0),
        delayed_ms: 0,
        ended_at: iso(60_000),
        ...parts,
      }) as Job;
    const drawn = (parts: Partial<Job>) =>
      jobBands([job(parts)]).map(({ from, until }) => [from - T, until === null ? null : until - T]);
    assert.deepEqual(drawn({}), [[0, 60_000]]);
    assert.deepEqual(drawn({ delayed_ms: 20_000 }), [[20_000, 60_000]]);
    assert.deepEqual(drawn({ delayed_ms: 59_999 }), []);
    assert.deepEqual(drawn({ state: 'running', ended_at: null }), [[0, null]]);
    assert.deepEqual(drawn({ state: 'queued', ended_at: null }), []);
    assert.deepEqual(drawn({ state: 'planned', started_at: null, ended_at: null }), []);
  });

  it('draws a job and the command that it has sent once', () => {
    const bands = [
      { domain: 'a', from: 5, until: 9 },
      { domain: 'a', from: 0, until: 6 },
      { domain: 'a', from: 20, until: null },
      { domain: 'a', from: 25, until: 30 },
      { domain: 'b', from: 3, until: 4 },
    ];
    assert.deepEqual(mergeBands(bands), [
      { domain: 'a', from: 0, until: 9 },
      { domain: 'a', from: 20, until: null },
      { domain: 'b', from: 3, until: 4 },
    ]);
  });
});
