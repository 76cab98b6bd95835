import assert from 'node:assert/strict';
import type { RunningJob } from '../../src/domain/agent/agent-contract.ts';
import { DayUse, onTimeOf } from '../../src/domain/job/day-use.ts';
import type { JobEvent, JobRequest, JobStep } from '../../src/domain/job/job.ts';
import { durationOf } from '../../src/domain/job/plan.ts';
import type { RuntimeEvent } from '../../src/domain/runtime/events.ts';
import type { Publication } from '../../src/domain/runtime/ports.ts';
import type { AgentTwin } from '../../src/domain/sensor/twin.ts';
import { EnvelopeWatch } from './envelope-watch.ts';
import type { GardenHarness } from './garden-harness.ts';
import { RestorationWatch } from './restoration-watch.ts';

/** How many jobs each supply serves at once. */
export const CAPACITIES = { pump: 1, tank: 2 } as const;

/** So long a runtime waits for an answer of the job-runner. */
const LONGEST_ANSWER_MS = 5_000;

const THRESHOLD_BUDGET_MS = 14_400_000;

type DecisionTold = Extract<RuntimeEvent, { kind: 'decision' }>;

/** Looks over the shoulder of a garden, and notes every promise that is broken. */
export class GardenWatch {
  readonly faults: string[] = [];
  readonly #garden: GardenHarness;
  /** The job that sets each actuator. */
  readonly #running = new Map<string, string>();
  /** When each job was sent to the runner. */
  readonly #sentAt = new Map<string, number>();
  /** What each sensor's actuators were told last, by their domain. */
  readonly #told = new Map<number, ReadonlyMap<string, number>>();
  /** Jobs that have given their actuator back. */
  readonly #over = new Set<string>();
  readonly #begun = new Set<string>();
  /** Of these jobs the runner has told anything. */
  readonly #heardOf = new Set<string>();
  readonly #announced = new Map<string, number>();
  readonly #envelopes: EnvelopeWatch;
  readonly #restoration: RestorationWatch;

  /** Every job that was ever asked for. */
  readonly #jobs = new Map<string, JobRequest>();
  /** The job that last turned each actuator on, also before a crash; a flow's own are on while they are here. */
  readonly #turnedOn = new Map<string, string>();
  /** Of jobs that are still to be asked for. */
  readonly #decisions = new Map<string, DecisionTold>();
  readonly #use = new Map<string, DayUse>();

  constructor(garden: GardenHarness) {
    this.#garden = garden;
    const note = (fault: string) => this.#note(fault);
    this.#envelopes = new EnvelopeWatch(garden, note);
    this.#restoration = new RestorationWatch(garden, note);
    garden.run.observer = {
      crashes: (hasRefused) => this.#crashed(hasRefused),
      redeploysRuntime: () => this.#restoration.begunAnew(),
      connects: () => this.#restoration.connected(),
      delivers: (delivery) => this.#restoration.delivered(delivery),
      publishes: (publication) => this.#published(publication),
      steps: (step) => this.#stepped(step),
      ends: (event) => this.#ended(event),
      asks: (job) => this.asked(job),
      decides: (decision) => this.#decided(decision),
    };
  }

  /** The broker may still be being told what every actuator does. */
  get isRestoring(): boolean {
    return this.#restoration.mayBeOn;
  }

  #crashed(hasRefused: boolean): void {
    this.#running.clear();
    this.#restoration.begunAnew();
    this.#envelopes.crashed();
    // A crash takes an end back that the store had refused to take, and an earlier end as well.
    for (const { id, owner, status, endsAt, waitsSince } of this.#garden.store.disk.jobs) {
      if (status !== 'running') continue;
      this.#over.delete(id);
      // A vector expires with its run, also while RIPE is down.
      if (endsAt !== null && endsAt < this.#garden.clock.now()) this.#useOf(owner).note(false, endsAt);
      // That it waits for its supply is on disk before anybody is told.
      if (waitsSince !== null) this.#announced.delete(id);
      if (hasRefused && endsAt !== null && waitsSince === null) this.#announced.set(id, endsAt);
    }
  }

  #decided(decision: DecisionTold): void {
    const { job, event } = decision;
    if (job !== null && event !== 'limit') this.#decisions.set(job, decision);
  }

  asked(job: JobRequest): void {
    this.#jobs.set(job.id, job);
    this.#sentAt.set(job.id, this.#garden.clock.now());
    // Beside a node on the wire its time begins when that is shown it: once it is on disk.
    const { createdAt, startsAt = Math.max(createdAt, this.#garden.clock.now()) } = job;
    this.#announced.set(job.id, startsAt + durationOf(job.plan));
    const decision = this.#decisions.get(job.id);
    this.#decisions.delete(job.id);
    if (decision !== undefined) this.#fitsIn(job, decision);
  }

  /** The broker retains the low byte of every value, in the order of the domains, and nothing without agents. */
  brokerKnowsTwins(): void {
    const { runtime } = this.#garden;
    for (const twin of Object.values(runtime.twins)) {
      const values = twin.agents.map((agent) => agent.value & 0xff);
      assert.deepEqual(this.#garden.bytes(twin.id), values.length === 0 ? undefined : values);
    }
  }

  /** Also what waits for the disk keeps nothing on for longer than the broker was told. */
  nothingIsOnPastItsEnd(): void {
    const now = this.#garden.clock.now();
    for (const { id, agents, command } of Object.values(this.#garden.runtime.twins)) {
      const bytes = this.#garden.bytes(id) ?? [];
      if (bytes.length !== agents.length) continue;
      for (const [place, { domain }] of agents.entries()) {
        if (bytes[place] === 0) continue;
        const told = command?.agents.find((each) => each.domain === domain);
        assert.ok(told?.until != null, `sensor ${id}, ${domain} is on, and was told to be off`);
        if (!told.isLeased) assert.ok(told.until > now, `sensor ${id}, ${domain} is on past its end`);
      }
    }
  }

  devicesKnowTwins(): void {
    this.#envelopes.devicesKnowTwins();
  }

  /**
   * What is not neutral has a cause: a job of its agent, whose announced end is still to come and is never put off, or a
   * value that its agent has decided to hold. A pump holds none. Nothing is on of an agent whose code is not there.
   */
  everyValueHasItsCause(): void {
    const now = this.#garden.clock.now();
    for (const { agents } of Object.values(this.#garden.runtime.twins)) {
      for (const agent of agents) {
        if (agent.value === 0) continue;
        const { domain, agentName, job, guard, parked } = agent;
        assert.equal(parked, null, `${domain} is ${agent.value} while ${agentName} is not loaded`);
        // What is on until its run begins, which waits for the disk, is held, or another run's.
        if (job !== null && this.#garden.store.isHanging)
          assert.ok((agent.until ?? now + 1) > now, `${domain} is on past its end`);
        else if (job !== null && (agent.until === null || !this.#heardOf.has(job.id)))
          this.#isOnItsWay(agent, job);
        else if (job !== null) this.#isToEnd(domain, job);
        else assert.ok(guard.hold !== undefined, `${domain} is ${agent.value} without a cause`);
        assert.ok(job !== null || agentName !== 'ThresholdAgent', `${domain} holds a pump on`);
      }
    }
  }

  /** What was held, or another run, goes on until its run begins; but the runner has to answer soon. */
  #isOnItsWay({ domain, until }: AgentTwin, { id }: RunningJob): void {
    const now = this.#garden.clock.now();
    assert.ok((until ?? now + 1) > now, `${domain} is on past its end`);
    const waitsMs = now - (this.#sentAt.get(id) ?? now);
    assert.ok(waitsMs < LONGEST_ANSWER_MS, `${domain} is held for ${waitsMs} ms, and its run does not begin`);
  }

  /** One that waits for its supply ends as much later as it has waited. */
  #isToEnd(domain: string, { id, endsAt }: RunningJob): void {
    const now = this.#garden.clock.now();
    assert.ok(endsAt > now, `${domain} is on until ${endsAt}, now is ${now}`);
    const announced = this.#announced.get(id) ?? endsAt;
    assert.ok(endsAt <= announced, `the end of ${domain} is put off from ${announced} to ${endsAt}`);
    this.#announced.set(id, endsAt);
  }

  /** Nothing is wanted of any agent, and no job is left: the twins, the broker and the devices agree on that. */
  async everythingIsNeutral(): Promise<void> {
    const { runtime } = this.#garden;
    for (const { id, agents } of Object.values(runtime.twins)) {
      for (const { domain, value, job } of agents)
        assert.deepEqual([value, job], [0, null], `sensor ${id}, ${domain} in the end`);
    }
    this.brokerKnowsTwins();
    this.devicesKnowTwins();
    for (const { id, owner, status } of await this.#garden.jobs())
      assert.equal(status, 'ended', `job ${id} of ${owner} in the end`);
  }

  /** Whatever does not run any more is closed in the store. */
  async everyEndedJobIsClosed(): Promise<void> {
    const { runtime } = this.#garden;
    const running = Object.values(runtime.twins).flatMap(({ agents }) => agents.map(({ job }) => job?.id));
    for (const { id, status, sensor, waitsSince, endsAt } of await this.#garden.jobs()) {
      // A flow's own may still wait for what an agent has for half a day, or have its turn now.
      const goesOn = waitsSince !== null || (endsAt ?? 0) > this.#garden.clock.now();
      if (sensor === undefined && status === 'running' && goesOn) continue;
      if (!running.includes(id)) assert.equal(status, 'ended', `job ${id} of sensor ${sensor} has ended`);
    }
  }

  #published({ payload, delivery }: Publication): void {
    if (payload instanceof Uint8Array) {
      this.#publishedVector(delivery.sensor, payload);
      this.#restoration.sent(delivery);
    } else this.#envelopes.published(delivery.sensor, payload);
  }

  #publishedVector(sensor: number, payload: Uint8Array): void {
    const agents = this.#garden.runtime.twins[sensor]?.agents ?? [];
    const domains = agents.map(({ domain }) => domain);
    const sorted = [...domains].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    if (payload.length !== agents.length) this.#note(`${payload.length} bytes for ${agents.length} agents`);
    if (domains.join() !== sorted.join()) this.#note(`the order is ${domains.join()}`);
    agents.forEach(({ value, domain }, index) => {
      const byte = payload[index] ?? 0;
      this.#useOf(`${sensor}/${domain}`).note(byte !== 0, this.#garden.clock.now());
      this.#restoration.tells(`${sensor}/${domain}`, byte, value);
    });
    for (const [index, agent] of agents.entries()) this.#isOnDisk(sensor, agent, payload[index] ?? 0);
    this.#told.set(sensor, new Map(domains.map((domain, index) => [domain, payload[index] ?? 0])));
  }

  /** What turns an actuator on is on disk by then: its job, or the value that its agent holds. */
  #isOnDisk(sensor: number, { domain, value, until, job }: AgentTwin, byte: number): void {
    // What it holds goes on until its run begins.
    const goesOn = job !== null && until === null;
    if (byte === 0 || byte !== (value & 0xff) || goesOn) return;
    const { disk, isFailing } = this.#garden.store;
    const isRunning = disk.jobs.some(
      (each) => each.sensor === sensor && each.domain === domain && each.status === 'running',
    );
    if (job !== null && !isRunning) this.#note(`${sensor}/${domain} is on, no job of it runs on disk`);
    // It goes on as before: a run in its place came to nothing, and the row that says so may still be on its way.
    if (job !== null || isFailing || this.#told.get(sensor)?.get(domain) === byte) return;
    const held = disk.agents.find((each) => each.sensor === sensor && each.domain === domain);
    if (held?.value !== value) this.#note(`${sensor}/${domain} holds ${value}, on disk is ${held?.value}`);
  }

  #stepped(step: JobStep): void {
    const { owner, job, end, value } = step;
    this.#envelopes.stepped(step);
    if (value !== 0) this.#turnsOn(owner, job);
    // What a flow has on is off with any step that says so; of a sensor's actuator the broker knows it.
    else if (!owner.includes('/')) this.#turnedOn.delete(owner);
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
    // It may have waited for its supply already while its row was being stored.
    const mayHaveWaited = event === 'started' && this.#jobs.get(job)?.plan.supply !== undefined;
    if (event === 'queued' || (mayHaveWaited && !this.#begun.has(job))) this.#announced.delete(job);
    if (event === 'started') this.#begun.add(job);
    this.#heardOf.add(job);
    if (event === 'started' || event === 'resumed' || event === 'queued') return;
    this.#over.add(job);
    if (this.#running.get(owner) === job) this.#running.delete(owner);
  }

  #note(fault: string): void {
    this.faults.push(`${new Date(this.#garden.clock.now()).toISOString()} ${fault}`);
  }

  /** Whoever turns on, at most so many others of its supply are on, as the broker knows it. */
  #turnsOn(owner: string, job: string): void {
    const { supply } = this.#jobs.get(job)?.plan ?? {};
    this.#turnedOn.set(owner, job);
    if (supply === undefined) return;
    const others = [...this.#turnedOn].filter(
      ([other, by]) => other !== owner && this.#jobs.get(by)?.plan.supply === supply && this.#isOn(other),
    );
    const capacity = CAPACITIES[supply as keyof typeof CAPACITIES];
    if (others.length >= capacity) this.#note(`${owner} on at ${supply} beside ${others.join(' ')}`);
  }

  /** By what the broker retains, unless the agent holds a value now: for that it needs no supply. */
  #isOn(owner: string): boolean {
    if (!owner.includes('/')) return true;
    const [sensor = 0, domain] = [Number(owner.split('/')[0]), owner.slice(owner.indexOf('/') + 1)];
    const agents = this.#garden.runtime.twins[sensor]?.agents ?? [];
    const place = agents.findIndex((agent) => agent.domain === domain);
    const bytes = this.#garden.bytes(sensor);
    if (place < 0 || bytes?.length !== agents.length || agents[place]?.guard.hold !== undefined) return false;
    return bytes[place] !== 0;
  }

  /** What nobody has forced fits into what is left of the day, as it was measured from outside. */
  #fitsIn(request: JobRequest, { sensor, domain, event, agentName }: DecisionTold): void {
    if (event === 'forced' || event === 'order' || agentName !== 'ThresholdAgent') return;
    const own = this.#garden.agent(sensor, domain).guard.limits?.dailyBudgetMs;
    const budget = Math.min(own ?? THRESHOLD_BUDGET_MS, THRESHOLD_BUDGET_MS);
    const used = this.#useOf(request.owner).usedMs(this.#garden.clock.now());
    const planned = onTimeOf(request.plan, 0);
    // Cut while it waited for the disk, it was taken for one that had begun.
    const waited = Math.max(0, this.#garden.clock.now() - request.createdAt);
    if (used + planned > budget + waited)
      this.#note(`${request.owner} plans ${planned} after ${used} of ${budget}`);
  }

  #useOf(owner: string): DayUse {
    const use = this.#use.get(owner) ?? new DayUse();
    this.#use.set(owner, use);
    return use;
  }
}
