import assert from 'node:assert/strict';
import { shippedAgentTypes } from '../../plugins/index.ts';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import type { ConfigValue } from '../../src/domain/agent/settings-form.ts';
import type { ApiRequest } from '../../src/domain/rest/request.ts';
import type { Operation } from '../../src/domain/rest/route.ts';
import { GardenHarness } from './garden-harness.ts';
import { type AgentName, DOMAINS, SENSORS, TYPES } from './garden-scenes.ts';
import { CAPACITIES, GardenWatch } from './garden-watch.ts';

/** What a lost report or a lost vector may cost: the job-runner repeats its last step every 5 s. */
const REPEAT_MS = 5_000;
const LONGEST_THRESHOLD_RUN_MS = 3_600_000;
const LONGEST_FLOW_RUN_MS = 90_000;
const MOST_IN_TURN = 3;

/** Plays scenes on a garden; after each of them everything that is promised must hold. */
export class GardenStory {
  readonly #garden: GardenHarness;
  readonly #watch: GardenWatch;
  /** From when on nothing is excused by a loss any more. */
  #reliableFrom = 0;
  #lost = 0;
  #hasFailed = false;

  private constructor(garden: GardenHarness) {
    this.#garden = garden;
    this.#watch = new GardenWatch(garden);
  }

  /** Three sensors: one with every agent type, one with a pump, one without agents; two beds hang on one supply. */
  static async begin(): Promise<GardenStory> {
    const garden = await GardenHarness.start({ supplies: CAPACITIES });
    const story = new GardenStory(garden);
    for (let n = 0; n < SENSORS; n++) await garden.addSensor();
    for (const [index, domain] of DOMAINS.entries()) await garden.addAgent(1, domain, TYPES[index]);
    await garden.addAgent(2, DOMAINS[0]);
    for (const sensor of [1, 2]) await story.connectTo(sensor, DOMAINS[0], 'pump');
    return story;
  }

  async read(sensor: number, moisture: number | null): Promise<void> {
    await this.#garden.receive(sensor, { moisture });
    await this.#check();
  }

  async force(sensor: number, domain: string, payload: number): Promise<void> {
    await this.#attempt('command', { sensor, domain, body: { payload } });
    await this.#check();
  }

  /** A person runs the actuator once, whatever its agent thinks. */
  async order(sensor: number, domain: string, run: object): Promise<void> {
    await this.#attempt('startJob', { sensor, body: { domain, ...run } });
    await this.#check();
  }

  /** A person ends the run that goes on. */
  async cancel(sensor: number, domain: string): Promise<void> {
    const { agents } = this.#garden.twin(sensor);
    const job = agents.find((each) => each.domain === domain)?.job?.id;
    if (job === undefined) return;
    await this.#attempt('cancelJob', { sensor, job });
    await this.#check();
  }

  async changeKey(sensor: number): Promise<void> {
    await this.#attempt('changeKey', { sensor, body: {} });
    await this.#check();
  }

  async configure(sensor: number, domain: string, active: boolean, parts: readonly number[]): Promise<void> {
    const form = await this.#garden.attempt('getConfig', { sensor, domain });
    if (form.status !== 200) return;
    const config = form.body as Record<string, [string, ConfigValue]>;
    const body = Object.fromEntries(
      Object.entries(config).map(([key, [, value]], index) => [
        key,
        changed(value, active, parts[index % 3] ?? 0),
      ]),
    );
    await this.#attempt('setConfig', { sensor, domain, body });
    await this.#check();
  }

  /** The agent needs this supply from its next run on; some types have none. */
  async connectTo(sensor: number, domain: string, supply: string): Promise<void> {
    await this.#patch(sensor, domain, { settings: { supply } });
  }

  /** The owner tightens how long an agent may run, at once or in a day, or takes that back. */
  async tighten(sensor: number, domain: string, limits: object): Promise<void> {
    await this.#patch(sensor, domain, { limits });
  }

  /** A flow starts a job of its own on a shared supply. */
  async water(owner: string, supply: string, ms: number): Promise<void> {
    const plan = { steps: [{ set: 1 }, { wait: ms }, { set: 0 }], supply };
    const request = {
      id: this.#garden.newId(),
      owner,
      plan,
      neutral: 0,
      createdAt: this.#garden.clock.now(),
    };
    this.#watch.asked(request);
    this.#garden.run.runner.request(request).catch(() => undefined);
    await this.#garden.settle();
    await this.#check();
  }

  /** While commits hang nobody waits for the answer. */
  async #attempt(operation: Operation, parts: Partial<ApiRequest>): Promise<void> {
    const asked = this.#garden.attempt(operation, parts);
    if (!this.#garden.store.isHanging) await asked;
    else {
      asked.catch((fault: unknown) => this.#watch.faults.push(String(fault)));
      await this.#garden.settle();
    }
  }

  async #patch(sensor: number, domain: string, body: object): Promise<void> {
    await this.#attempt('patchSettings', { sensor, domain, body });
    await this.#check();
  }

  async add(sensor: number, domain: string, agentName: string): Promise<void> {
    await this.#attempt('registerAgent', { sensor, body: { domain, agent_name: agentName } });
    await this.#check();
  }

  async remove(sensor: number, domain: string): Promise<void> {
    const agent = this.#garden.twin(sensor).agents.find((each) => each.domain === domain);
    if (agent === undefined) return;
    const body = { domain, agent_name: agent.agentName };
    await this.#attempt('deleteAgent', { sensor, body });
    await this.#check();
  }

  /** The code of an agent type goes, or is back. */
  async load(name: AgentName, isLoaded: boolean): Promise<void> {
    const { types, runtime } = this.#garden;
    if (isLoaded === (types.get(name) !== undefined)) return;
    if (!isLoaded) types.delete(name);
    else for (const type of shippedAgentTypes) if (type.name === name) types.put(createLocalHost(type));
    await runtime.agentTypesChanged(name);
    await this.#garden.settle();
    await this.#check();
  }

  async failStore(isFailing: boolean): Promise<void> {
    this.#garden.store.isFailing = isFailing;
    this.#hasFailed ||= isFailing;
  }

  /** Commits do not answer any more. */
  async hangStore(): Promise<void> {
    this.#garden.store.isHanging = true;
  }

  /** They do again, with what had to wait. */
  async releaseStore(): Promise<void> {
    this.#garden.store.isHanging = false;
    await this.#garden.settle();
    await this.#check();
  }

  /** Where the store cannot be read nothing starts anew. */
  async redeployRuntime(): Promise<void> {
    if (this.#garden.store.isFailing) return;
    await this.#garden.redeployRuntime();
    await this.#check();
  }

  async redeployRunner(): Promise<void> {
    if (this.#garden.store.isFailing) return;
    await this.#garden.redeployRunner();
    await this.#check();
  }

  /** So long a commit takes, in turns of the event loop. */
  async slowStore(turns: number): Promise<void> {
    this.#garden.store.gathersFor = turns;
  }

  /** A node on the wire to the job-runner drops the next jobs. */
  async dropJobs(count: number): Promise<void> {
    let left = count;
    this.#garden.isRunnerNext = false;
    this.#garden.jobWire = (topic) => {
      if (topic !== 'job/start' || left === 0) return true;
      left -= 1;
      return false;
    };
  }

  async pass(ms: number): Promise<void> {
    await this.#garden.pass(ms);
    await this.#check();
  }

  async connect(isOn: boolean): Promise<void> {
    if (isOn) await this.#garden.connect();
    else await this.#garden.disconnect();
    await this.#check();
  }

  /** The next vectors do not arrive, or their reports do not. */
  async lose(fate: 'refused' | 'unreported', count: number): Promise<void> {
    const { pool } = this.#garden;
    this.#lost = count;
    pool.fate = () => {
      if (this.#lost === 0) return 'arrives';
      this.#lost -= 1;
      this.#reliableFrom = this.#garden.clock.now() + 2 * REPEAT_MS;
      return fate;
    };
  }

  async delay(ms: number): Promise<void> {
    this.#garden.pool.delayMs = ms;
  }

  /** A command is on its way when the process dies, so many messages later. */
  async crash(
    hops: number,
    options: { runnerFirst: boolean; isConnected: boolean; downMs: number },
  ): Promise<void> {
    const { runtime, run } = this.#garden;
    runtime.received(`sensor/data/1/${this.#garden.keys.keyOf(1)}`, Buffer.from('{"moisture": 1}'));
    await run.settle(hops);
    await this.#garden.crash(options);
    await this.#check();
  }

  /** Everything works again, and the longest run of a pump is over. */
  async end(): Promise<void> {
    const garden = this.#garden;
    this.#lost = 0;
    garden.store.isFailing = false;
    garden.store.isHanging = false;
    garden.pool.delayMs = 0;
    // A report that was lost stays lost: the vector after the next connection brings one.
    await garden.disconnect();
    await garden.connect();
    // Those that wait for the same supply follow each other.
    await garden.pass(MOST_IN_TURN * (LONGEST_THRESHOLD_RUN_MS + 2 * REPEAT_MS));
    await this.#check();
    await this.#watch.everyEndedJobIsClosed();
    await this.#switchOff();
    await garden.pass(MOST_IN_TURN * (LONGEST_FLOW_RUN_MS + 2 * REPEAT_MS));
    await this.#check();
    await this.#watch.everythingIsNeutral();
  }

  /** Nobody wants anything of any agent: windows are closed, and what is held is set to neutral. */
  async #switchOff(): Promise<void> {
    for (const name of TYPES) await this.load(name, true);
    for (const { id: sensor, agents } of Object.values(this.#garden.runtime.twins)) {
      for (const { domain, settings } of [...agents]) {
        if ('active' in settings) await this.#patch(sensor, domain, { settings: { active: false } });
        else await this.force(sensor, domain, 0);
      }
    }
  }

  #knowTwins(): void {
    this.#watch.brokerKnowsTwins();
    this.#watch.devicesKnowTwins();
  }

  async #check(): Promise<void> {
    const { pool, clock, store } = this.#garden;
    const isReliable = pool.isConnected && this.#lost === 0 && clock.now() >= this.#reliableFrom;
    if (isReliable && !this.#watch.isRestoring) {
      // What is decided, and not on disk yet, nobody is told.
      if (!store.isHanging) this.#knowTwins();
      this.#watch.nothingIsOnPastItsEnd();
    }
    this.#watch.everyValueHasItsCause();
    assert.deepEqual(this.#watch.faults, []);
    const { logged } = this.#garden;
    if (!this.#hasFailed)
      assert.deepEqual(
        logged.filter((line) => !line.startsWith('info')),
        [],
      );
  }
}

function changed(value: ConfigValue, active: boolean, part: number): ConfigValue {
  if ('Switch' in value) return { Switch: active };
  if ('DayTime' in value) return { DayTime: Math.floor(part * 86_399_999) };
  if ('TimeSlider' in value) {
    const [lower, upper, , steps] = value.TimeSlider;
    return { TimeSlider: [lower, upper, Math.floor(part * upper), steps] };
  }
  const [lower, upper] = value.IntSlider;
  return { IntSlider: [lower, upper, Math.floor(part * upper)] };
}
