import path from 'node:path';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import type { AgentRecord } from '../../src/domain/store.ts';
import type { BenchContext } from '../harness/bench-case.ts';
import { startRipe } from '../support/ripe-process.ts';

/** An agent as RIPE itself has stored it, but for its sensor. */
export type AgentTemplate = Omit<AgentRecord, 'sensor'>;

const AGENTS = [
  ['01_Water', 'ThresholdAgent'],
  ['02_Light', 'TimeAgent'],
] as const;
export const AGENTS_PER_SENSOR = AGENTS.length;
const SENSORS_PER_COMMIT = 1000;

/** Lets a real RIPE store one sensor's agents, so that this bench need not know what their state looks like. */
export async function takeTemplate(
  context: BenchContext,
  dataDir: string,
  agents: readonly (readonly [domain: string, agentName: string])[] = AGENTS,
  env: Readonly<Record<string, string>> = {},
): Promise<AgentTemplate[]> {
  const { ripe, stop } = await startRipe(context, dataDir, env);
  const credentials = await ripe.registerSensor('Template');
  for (const [domain, agentName] of agents) await ripe.registerAgent(credentials, domain, agentName);
  await stop();
  const store = storeIn(dataDir);
  await store.open();
  try {
    return (await store.loadSensors(0, 1)).agents.map(({ sensor: _sensor, ...template }) => template);
  } finally {
    await store.close();
  }
}

/** Writes that many sensors with the template's agents into a new store. */
export async function fillStore(
  dataDir: string,
  sensors: number,
  template: readonly AgentTemplate[],
): Promise<void> {
  const store = storeIn(dataDir);
  await store.open();
  try {
    for (let id = 1; id <= sensors; id++) {
      store.write({
        type: 'sensorAdded',
        sensor: { id, key: keyOf(id), name: `Bed ${id}`, createdAt: Date.now() },
      });
      for (const agent of template) store.write({ type: 'agentSaved', agent: { ...agent, sensor: id } });
      if (id % SENSORS_PER_COMMIT === 0) await store.commit();
    }
    await store.commit();
  } finally {
    await store.close();
  }
}

function storeIn(dataDir: string) {
  return createSqliteStore({ file: path.join(dataDir, 'ripe.db') });
}

/** Six characters of the alphabet that keys have. */
export function keyOf(id: number): string {
  return id.toString(36).padStart(6, '0');
}
