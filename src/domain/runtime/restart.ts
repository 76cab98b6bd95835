import { type DayUseRecord, useOf, withUse } from '../job/day-use.ts';
import { endedParts } from '../job/ended-jobs.ts';
import type { JobRecord, OpenJob } from '../job/job.ts';
import { DAY_MS } from '../job/limits.ts';
import { sensorParts } from '../sensor/sensor-parts.ts';
import { createTwin, type Twins } from '../sensor/twin.ts';
import type { GardenRecord, SensorsRecord, Store } from '../store.ts';
import type { Clock } from '../time/clock.ts';
import type { Ingest } from './ingest.ts';
import type { JobHandoff } from './lanes/job-handoff.ts';
import type { Lanes } from './lanes/lanes.ts';
import type { Publisher } from './publishing/publisher.ts';

interface RestartPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** The twins are put in here. */
  readonly twins: Twins;
  readonly lanes: Lanes;
  readonly publisher: Publisher;
  readonly ingest: Ingest;
  readonly handoff: JobHandoff;
}

/** Rebuilds twins, agents and their jobs from what an earlier run has stored. */
export class Restart {
  readonly #ports: RestartPorts;

  constructor(ports: RestartPorts) {
    this.#ports = ports;
  }

  /** Resolves when all agents are at work, with the code that is in service. */
  async run(): Promise<GardenRecord> {
    const { store, clock, lanes, publisher } = this.#ports;
    const record = await store.load();
    const now = clock.now();
    const [used, open] = [await this.#loadUses(now), await store.openJobs()];
    const busy = new Set([...used.keys(), ...open.map(({ sensor }) => sensor)]);
    const load = (after: number, most: number) => store.loadSensors(after, most);
    for await (const part of sensorParts(load, ({ sensors }) => sensors)) {
      this.#rebuild(part);
      // At once, as long as what was loaded is short-lived; who has jobs has to know of them first.
      await lanes.adoptOf(part.sensors.filter(({ id }) => !busy.has(id)));
    }
    for (const { sensor } of record.owedClears) publisher.remember(sensor);
    for (const [sensor, byDomain] of used) {
      for (const [domain, uses] of byDomain) lanes.find(sensor, domain)?.guard.rememberUses(uses);
    }
    for (const job of open) this.#takeUp(job);
    await lanes.adopt();
    return record;
  }

  /** What the jobs of the last day had on, by sensor and domain: of the jobs themselves there may be too many. */
  async #loadUses(now: number): Promise<Map<number, Map<string, DayUseRecord>>> {
    const { store } = this.#ports;
    const used = new Map<number, Map<string, DayUseRecord>>();
    for await (const jobs of endedParts((after, most) => store.endedJobs(now - DAY_MS, after, most))) {
      for (const job of jobs) noteUse(used, job, now);
    }
    return used;
  }

  #rebuild({ sensors, agents, newestRows, newestCommands, logSequences }: SensorsRecord): void {
    const { twins, lanes, publisher, ingest } = this.#ports;
    for (const { id, name, offsets } of sensors) {
      const twin = createTwin(id, name, offsets);
      twins[id] = twin;
      twin.row = newestRows.get(id) ?? null;
      // The newest values there are: an agent that draws itself before the next reading still knows them.
      twin.reading = twin.row;
    }
    for (const agent of agents) {
      const twin = twins[agent.sensor];
      if (twin !== undefined) lanes.restore(twin, agent);
    }
    for (const [sensor, command] of newestCommands) {
      const twin = twins[sensor];
      if (twin !== undefined) publisher.envelopes.restore(twin, command);
    }
    for (const [sensor, sequence] of logSequences) ingest.resumeLog(sensor, sequence);
  }

  #takeUp(job: OpenJob): void {
    const lane = this.#laneOf(job);
    if (lane !== undefined) {
      const { jobs, overseer } = this.#ports.lanes;
      jobs.takeUp(lane, job);
      overseer.jobTakenUp(lane);
    } else if (job.sensor !== undefined) this.#endOrphan(job);
  }

  /** Its agent has been removed: what was never sent to the runner is nobody else's. */
  #endOrphan(job: JobRecord): void {
    const { handoff } = this.#ports;
    if (job.status === 'planned') handoff.giveUp(job);
    else handoff.cancelLater(job.id, 'removed');
  }

  #laneOf({ sensor, domain }: JobRecord) {
    if (sensor === undefined || domain === undefined) return undefined;
    return this.#ports.lanes.find(sensor, domain);
  }
}

function noteUse(used: Map<number, Map<string, DayUseRecord>>, job: JobRecord, now: number): void {
  const { sensor, domain } = job;
  const use = useOf(job, job.endedAt ?? now);
  if (sensor === undefined || domain === undefined || use === null) return;
  const byDomain = used.get(sensor) ?? new Map<string, DayUseRecord>();
  byDomain.set(domain, withUse(byDomain.get(domain) ?? [], use));
  used.set(sensor, byDomain);
}
