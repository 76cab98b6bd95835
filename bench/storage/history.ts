import type { Reading } from '../../src/domain/reading/reading.ts';
import { type DataRow, foldReading } from '../../src/domain/reading/row.ts';
import type { Store } from '../../src/domain/store.ts';
import { keyOf } from '../cases/filled-store.ts';

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
const READINGS_PER_COMMIT = 1_000;

/** Of so many sensors, for so many days, a reading a minute; the first sensor has rows of a whole year before. */
export interface History {
  readonly sensors: number;
  readonly days: number;
  readonly until: number;
}

export function readingsOf({ sensors, days }: History): number {
  return sensors * days * (DAY_MS / MINUTE_MS);
}

/** Writes it as a running RIPE would have; `bytes` tells after the readings how large the database is. */
export async function writeHistory(store: Store, history: History): Promise<{ readonly seconds: number }> {
  for (let id = 1; id <= history.sensors; id += 1) {
    store.write({ type: 'sensorAdded', sensor: { id, key: keyOf(id), name: `Bed ${id}`, createdAt: 0 } });
  }
  await store.commit();
  const startedAt = performance.now();
  for (let id = 1; id <= history.sensors; id += 1) await writeReadings(store, id, history);
  return { seconds: (performance.now() - startedAt) / 1_000 };
}

async function writeReadings(store: Store, sensor: number, { days, until }: History): Promise<void> {
  let row: DataRow | null = null;
  let waiting = 0;
  for (let at = until - days * DAY_MS; at < until; at += MINUTE_MS) {
    const reading = readingAt(at);
    row = foldReading(row, reading, at);
    store.write({ type: 'rowSaved', sensor, row });
    store.write({ type: 'readingAdded', sensor, reading });
    waiting += 1;
    if (waiting % READINGS_PER_COMMIT === 0) await store.commit();
  }
  await store.commit();
}

/** The 30-minute rows of the days before, which are kept when their readings are gone. */
export async function writeOldRows(store: Store, from: number, until: number): Promise<void> {
  let waiting = 0;
  for (let at = from; at < until; at += 30 * MINUTE_MS) {
    const { extra: _extra, ...row } = readingAt(at);
    store.write({ type: 'rowSaved', sensor: 1, row });
    waiting += 1;
    if (waiting % READINGS_PER_COMMIT === 0) await store.commit();
  }
  await store.commit();
}

/** A plant that dries within three days, under a sun that goes up and down. */
function readingAt(timestamp: number): Reading {
  const day = Math.sin((timestamp / DAY_MS) * 2 * Math.PI);
  const tenths = (value: number) => Math.round(value * 10) / 10;
  return {
    timestamp,
    battery: 90,
    moisture: tenths(60 - ((timestamp / DAY_MS) % 3) * 15),
    temperature: tenths(18 + 8 * day),
    humidity: tenths(60 - 20 * day),
    carbon: null,
    conductivity: 420,
    light: Math.max(0, Math.round(30_000 * day)),
  };
}
