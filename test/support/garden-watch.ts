import assert from 'node:assert/strict';
import type { JobEvent, JobStep } from '../../src/domain/job.ts';
import type { Publication } from '../../src/domain/runtime/ports.ts';
import type { GardenHarness } from './garden-harness.ts';

/** Looks over the shoulder of a garden, and notes every promise that is broken. */
export class GardenWatch {
  readonly faults: string[] = [];
  readonly #garden: GardenHarness;
  /** The job that sets each actuator. */
  readonly #running = new Map<string, string>();
  /** Jobs that have given their actuator back. */
  readonly #over = new Set<string>();
  readonly #announced = new Map<string, number>();

  constructor(garden: GardenHarness) {
    this.#garden = garden;
    this.follow();
  }

  /** To be called again after a crash. */
  follow(): void {
    this.#running.clear();
    this.#garden.run.observer = {
      publishes: (publication) => this.#published(publication),
      steps: (step) => this.#stepped(step),
      ends: (event) => this.#ended(event),
    };
  }

  /** The broker retains the low byte of every value, in the order of the domains, and nothing without agents. */
  brokerKnowsTwins(): void {
    const { runtime } = this.#garden;
    for (const twin of Object.values(runtime.twins)) {
      const values = twin.agents.map((agent) => agent.value & 0xff);
      assert.deepEqual(this.#garden.bytes(twin.id), values.length === 0 ? undefined : values);
    }
  }

  /** A pump is on for a job only, whose announced end is still to come and is never put off. */
  pumpsHaveJobs(): void {
    const now = this.#garden.clock.now();
    for (const { agents } of Object.values(this.#garden.runtime.twins)) {
      for (const { agentName, value, job, domain } of agents) {
        if (agentName !== 'ThresholdAgent' || value === 0) continue;
        assert.ok(job !== null && job.endsAt > now, `${domain} is on until ${job?.endsAt}, now is ${now}`);
        const announced = this.#announced.get(job.id) ?? job.endsAt;
        assert.equal(job.endsAt, announced, 'the announced end stays');
        this.#announced.set(job.id, announced);
      }
    }
  }

  /** Whatever does not run any more is closed in the store. */
  async everyEndedJobIsClosed(): Promise<void> {
    const { runtime } = this.#garden;
    const running = Object.values(runtime.twins).flatMap(({ agents }) => agents.map(({ job }) => job?.id));
    for (const { id, status, sensor } of await this.#garden.jobs()) {
      if (!running.includes(id)) assert.equal(status, 'ended', `job ${id} of sensor ${sensor} has ended`);
    }
  }

  #published({ payload, delivery }: Publication): void {
    const agents = this.#garden.runtime.twins[delivery.sensor]?.agents ?? [];
    const domains = agents.map(({ domain }) => domain);
    const sorted = [...domains].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    if (payload.length !== agents.length) this.#note(`${payload.length} bytes for ${agents.length} agents`);
    if (domains.join() !== sorted.join()) this.#note(`the order is ${domains.join()}`);
    agents.forEach(({ value, domain }, index) => {
      if (payload[index] !== (value & 0xff)) this.#note(`${domain} is ${payload[index]}, not ${value}`);
    });
  }

  #stepped({ owner, job, end, value }: JobStep): void {
    if (end !== null) {
      this.#over.add(job);
      if (this.#running.get(owner) === job) this.#running.delete(owner);
      return;
    }
    if (this.#over.has(job)) this.#note(`job ${job} sets ${value} after its end`);
    const other = this.#running.get(owner);
    if (other !== undefined && other !== job) this.#note(`jobs ${other} and ${job} both set ${owner}`);
    this.#running.set(owner, job);
  }

  #ended({ owner, job, event }: JobEvent): void {
    if (event === 'started') return;
    this.#over.add(job);
    if (this.#running.get(owner) === job) this.#running.delete(owner);
  }

  #note(fault: string): void {
    this.faults.push(`${new Date(this.#garden.clock.now()).toISOString()} ${fault}`);
  }
}
