import type { Change } from '../../src/domain/change.ts';
import type { Store } from '../../src/domain/store.ts';
import { loadAll } from '../support/load-all.ts';
import { make } from './changes.ts';
import { EVER, slice } from './open-store.ts';

/** One record of every kind that a sensor can have. */
export function belongings(sensor: number): Change[] {
  return [
    { type: 'agentSaved', agent: make.agent({ sensor }) },
    { type: 'rowSaved', sensor, row: make.row(1) },
    { type: 'readingAdded', sensor, reading: make.reading(1) },
    { type: 'logAdded', line: make.line(0, { sensor }) },
    { type: 'commandAdded', command: make.command(1, { sensor }) },
    { type: 'decisionAdded', decision: make.decision(1, { sensor }) },
    { type: 'commandSaved', sensor, command: make.sensorCommand(1) },
    { type: 'jobSaved', job: make.job(`of ${sensor}`, { sensor }) },
  ];
}

/** How many of them a store finds. */
export async function countOf(store: Store, sensor: number) {
  const { agents } = await loadAll(store);
  const jobs = await store.openJobs();
  return {
    agents: agents.filter((agent) => agent.sensor === sensor).length,
    rows: (await store.rows(sensor, EVER)).length,
    log: (await store.log(sensor, 9)).length,
    commands: (await store.commands(sensor, EVER)).length,
    sensorCommands: (await store.sensorCommands(sensor, 9)).length,
    readings: (await store.readings(sensor, slice(9))).length,
    decisions: (await store.decisions(sensor, slice(9))).length,
    jobs: jobs.filter((job) => job.sensor === sensor).length,
  };
}
