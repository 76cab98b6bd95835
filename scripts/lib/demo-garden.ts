import path from 'node:path';
import threshold from '../../plugins/threshold/threshold.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { completeSettings } from '../../src/domain/agent/settings-controls.ts';
import { type JobRecord, ownerOf, plannedJob } from '../../src/domain/job/job.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Reading } from '../../src/domain/reading/reading.ts';
import type { Store } from '../../src/domain/store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const EVERY_MS = 5 * MINUTE_MS;
const DAYS = 2;
const DOMAIN = '01_Water';
const RUN_MS = 6 * MINUTE_MS;

interface Plant {
  readonly name: string;
  /** What its soil loses in an hour, in %. */
  readonly thirst: number;
  readonly wet: number;
  readonly limit: number;
  readonly battery: number;
  /** When it was last heard of, before now. */
  readonly silentMs?: number;
}

/** A garden to look at: one bed is dry, one is silent, one wants a battery; all others are well. */
const PLANTS: readonly Plant[] = [
  { name: 'Tomatoes by the wall', thirst: 2.6, wet: 46, limit: 22, battery: 88 },
  { name: 'Basil', thirst: 3.9, wet: 52, limit: 30, battery: 71 },
  { name: 'Lavender', thirst: 0.5, wet: 24, limit: 8, battery: 94 },
  { name: 'Raspberries', thirst: 1.9, wet: 49, limit: 0, battery: 12 },
  { name: 'Greenhouse peppers', thirst: 3.1, wet: 58, limit: 28, battery: 64, silentMs: 5 * HOUR_MS },
  { name: 'Lawn', thirst: 1.4, wet: 41, limit: 18, battery: 80 },
  { name: 'Rose bed', thirst: 1.1, wet: 39, limit: 20, battery: 58 },
];

/** Two days of such a garden, in a new store of a RIPE that is still to be started; times are ms UTC. */
export async function plantDemoGarden(dataDir: string, now: number): Promise<void> {
  const store = createSqliteStore({ file: path.join(dataDir, 'ripe.db') });
  await store.open();
  try {
    PLANTS.forEach((plant, index) => {
      grow(store, index + 1, plant, now);
    });
    await store.commit();
  } finally {
    await store.close();
  }
}

function grow(store: Store, sensor: number, plant: Plant, now: number): void {
  const createdAt = now - 40 * DAY_MS;
  store.write({
    type: 'sensorAdded',
    sensor: { id: sensor, key: `demo${sensor}`, name: plant.name, createdAt },
  });
  const settings = completeSettings(threshold.settings, {
    minThreshold: plant.limit,
    actionDurationMs: RUN_MS,
  });
  const state = { ...threshold.start(settings as never) } as unknown as Json;
  const agent = { sensor, domain: DOMAIN, agentName: threshold.name, version: threshold.version };
  store.write({ type: 'agentSaved', agent: { ...agent, state, settings, value: 0, wakeAt: null } });
  let moisture = plant.wet - 4 * plant.thirst;
  for (let at = now - DAYS * DAY_MS; at <= now - (plant.silentMs ?? 0); at += EVERY_MS) {
    moisture = Math.max(6, moisture - (plant.thirst * EVERY_MS) / HOUR_MS);
    if (moisture < plant.limit && at < now - HOUR_MS) {
      store.write({ type: 'jobSaved', job: watering(sensor, at) });
      moisture = plant.wet;
    }
    const reading = weather(at, moisture, plant.battery);
    store.write({ type: 'readingAdded', sensor, reading });
    if (at % (30 * MINUTE_MS) < EVERY_MS) store.write({ type: 'rowSaved', sensor, row: reading });
  }
}

function watering(sensor: number, at: number): JobRecord {
  const request = {
    id: `demo-${sensor}-${at}`,
    owner: ownerOf(sensor, DOMAIN),
    sensor,
    domain: DOMAIN,
    plan: { steps: [{ set: 1 }, { wait: RUN_MS }, { set: 0 }] },
    neutral: 0,
    createdAt: at,
  };
  const ended = at + RUN_MS;
  return {
    ...plannedJob(request),
    status: 'ended',
    startedAt: at,
    endsAt: ended,
    endedAt: ended,
    outcome: 'finished',
  };
}

/** A bright day: warm and dry in the afternoon, cool at night. */
function weather(at: number, moisture: number, battery: number): Reading {
  const date = new Date(at);
  const hour = date.getHours() + date.getMinutes() / 60;
  const sun = Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI));
  return {
    timestamp: at,
    battery,
    moisture: Math.round(moisture * 10) / 10,
    temperature: Math.round((18 - 7 * Math.cos(((hour - 3) / 12) * Math.PI)) * 10) / 10,
    humidity: Math.round(82 - 38 * sun),
    carbon: null,
    conductivity: 640 + sensorNoise(at),
    light: Math.round(52_000 * sun),
  };
}

const sensorNoise = (at: number): number => Math.round(20 * Math.sin(at / (3 * HOUR_MS)));
