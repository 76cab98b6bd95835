import type { RipeClient } from '../../scripts/simulate/ripe-client.ts';

const DOMAIN = '02_Job';
const RUN_SECONDS = 3_600;

interface Job {
  readonly id: string;
  readonly plan: unknown;
  readonly started_at: string | null;
  readonly ends_at: string | null;
  readonly state: string;
}

interface Decision {
  readonly domain: string;
  readonly version: string;
  readonly event: string;
}

export interface RunningJobsOptions {
  readonly ripe: RipeClient;
  readonly url: string;
  /** The sensors 1 to this one get an agent of their own for it. */
  readonly count: number;
  readonly agentName: string;
  keyOf(sensor: number): string;
}

/** Jobs that a plugin has begun, and that are to end when they were to, whatever becomes of the plugin. */
export class RunningJobs {
  readonly #options: RunningJobsOptions;
  #before: readonly string[] = [];

  private constructor(options: RunningJobsOptions) {
    this.#options = options;
  }

  static async begin(options: RunningJobsOptions): Promise<RunningJobs> {
    const jobs = new RunningJobs(options);
    for (const device of jobs.#devices()) {
      await options.ripe.registerAgent(device, DOMAIN, options.agentName);
      await options.ripe.command(device, DOMAIN, RUN_SECONDS);
    }
    jobs.#before = await jobs.#now();
    return jobs;
  }

  /** How many are not what they were: ended, begun anew, or with another end. */
  async changed(): Promise<number> {
    const now = await this.#now();
    return this.#before.filter((job, n) => job !== now[n]).length;
  }

  /** Ends each by its agent; how many of these were decided by another version than this one. */
  async endedByAnother(version: string): Promise<number> {
    let others = 0;
    for (const device of this.#devices()) {
      await this.#options.ripe.command(device, DOMAIN, 0);
      const decisions = await this.#ask<Decision[]>(device, `decision?${lastHour()}`);
      const last = decisions.find(({ domain, event }) => domain === DOMAIN && event === 'forced');
      if (last?.version !== version) others += 1;
    }
    return others;
  }

  #devices() {
    const { count, keyOf } = this.#options;
    return Array.from({ length: count }, (_, n) => ({ id: n + 1, key: keyOf(n + 1), broker: { items: [] } }));
  }

  async #now(): Promise<string[]> {
    const seen: string[] = [];
    for (const device of this.#devices()) {
      const [job] = await this.#ask<Job[]>(device, 'job');
      if (job?.state !== 'running') throw new Error(`sensor ${device.id} runs no job`);
      seen.push(JSON.stringify([job.id, job.started_at, job.ends_at, job.plan]));
    }
    return seen;
  }

  async #ask<Answer>({ id, key }: { id: number; key: string }, what: string): Promise<Answer> {
    const answer = await fetch(`${this.#options.url}/api/sensor/${id}/${what}`, {
      headers: { 'x-key': key },
    });
    if (!answer.ok) throw new Error(`${what} of sensor ${id}: ${answer.status}`);
    return (await answer.json()) as Answer;
  }
}

function lastHour(): string {
  const at = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
  return `from=${at(Date.now() - 3_600_000)}&until=${at(Date.now() + 60_000)}`;
}
