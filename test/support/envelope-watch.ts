import assert from 'node:assert/strict';
import { EnvelopeDevice } from '../../scripts/simulate/envelope-device.ts';
import type { Envelope } from '../../src/domain/command/envelope.ts';
import type { JobStep } from '../../src/domain/job/job.ts';
import { presentStepOf } from '../../src/domain/runner/taking-up.ts';
import type { GardenHarness } from './garden-harness.ts';

/** A device per sensor that hears every envelope that reached the broker, and what is promised of envelopes. */
export class EnvelopeWatch {
  readonly #garden: GardenHarness;
  readonly #note: (fault: string) => void;
  readonly #devices = new Map<string, EnvelopeDevice>();
  /** What the job-runner has said of the phases of each actuator's jobs: when they end. */
  readonly #ends = new Map<string, Set<number>>();
  #heard = 0;
  #uptime = 0;

  constructor(garden: GardenHarness, note: (fault: string) => void) {
    this.#garden = garden;
    this.#note = note;
  }

  stepped({ owner, until }: JobStep): void {
    if (until === null) return;
    const ends = this.#ends.get(owner) ?? new Set();
    this.#ends.set(owner, ends.add(until));
  }

  /** A crash may come between the row of a job and its step: the next start goes by the row. */
  crashed(): void {
    const { clock, store } = this.#garden;
    for (const job of store.disk.jobs) {
      const present = presentStepOf(job, clock.now());
      if (present !== null) this.stepped(present);
    }
  }

  /** Whatever is not neutral has an end: that of its job, or of a lease. */
  published(sensor: number, { at, agents, epoch }: Envelope): void {
    if (epoch !== this.#garden.epoch) this.#note(`an envelope of epoch ${epoch}`);
    for (const { domain, value, neutral, until, remainingMs } of agents) {
      const who = `sensor ${sensor}, ${domain}`;
      if (value === neutral) continue;
      if (until === null || remainingMs === null) {
        this.#note(`${who} is ${value} for ever`);
        continue;
      }
      if (until < at || remainingMs !== until - at || until > at + 86_400_000)
        this.#note(`${who} is ${value} until ${until}`);
      const agentName = this.#garden.twin(sensor).agents.find((each) => each.domain === domain)?.agentName;
      const isEnd = this.#ends.get(`${sensor}/${domain}`)?.has(until);
      if (agentName === 'ThresholdAgent' && !isEnd)
        this.#note(`${who} is on until ${until}, which no job is`);
    }
  }

  /** A device that honours envelopes does what its twin says, as long as nothing is lost. */
  devicesKnowTwins(): void {
    this.#listen();
    for (const twin of Object.values(this.#garden.runtime.twins)) {
      if (twin.agents.length === 0) continue;
      const values = this.#devices.get(`sensor/envelope/${twin.id}`)?.values() ?? {};
      assert.deepEqual(
        Object.keys(values),
        twin.agents.map(({ domain }) => domain),
      );
      for (const { domain, value, holdEndsAt } of twin.agents) {
        // Whose time is up at this very moment goes neutral before RIPE says so, or when it does.
        if (holdEndsAt !== null && holdEndsAt <= this.#uptime) continue;
        assert.equal(values[domain], value, `sensor ${twin.id}, ${domain}`);
      }
    }
  }

  #listen(): void {
    const { posted } = this.#garden.pool;
    for (const { at, topic, envelope } of posted.slice(this.#heard)) {
      const device = this.#devices.get(topic) ?? new EnvelopeDevice(() => this.#uptime);
      this.#devices.set(topic, device);
      this.#uptime = at;
      if (!device.take(structuredClone(envelope))) this.#note(`${topic}: ${envelope.id} is refused`);
    }
    this.#heard = posted.length;
    this.#uptime = this.#garden.clock.now();
  }
}
