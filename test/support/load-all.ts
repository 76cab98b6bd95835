import type { GardenRecord, SensorsRecord, Store } from '../../src/domain/store.ts';

/** All that a store has of a small garden. */
export async function loadAll(store: Store): Promise<GardenRecord & SensorsRecord> {
  return { ...(await store.load()), ...(await store.loadSensors(0, 1_000)) };
}
