import type {
  AgentEvent,
  AgentType,
  AgentView,
  Because,
  Decision,
  JobOutcome,
  RunningJob,
} from '../agent/agent-contract.ts';
import type { AgentUi } from '../agent/agent-ui.ts';
import { type AnyControls, completeSettings } from '../agent/settings-controls.ts';
import { limitsOf } from '../job/limits.ts';
import { cutPlan, type Plan, parsePlan } from '../job/plan.ts';
import type { Reading } from '../reading/reading.ts';
import type { Locale } from '../time/zones.ts';
import { BenchJob } from './bench-job.ts';
import { CheckedAgent } from './checked-agent.ts';

type WithoutTime<Event> = Event extends AgentEvent ? Omit<Event, 'at'> : never;

export interface BenchOptions<Settings> {
  /** What differs from the defaults of the settings. */
  readonly settings?: Partial<Settings>;
  /** Where the clock begins (ms UTC); default: noon of a day in June. */
  readonly now?: number;
}

/** A decision that was made on the bench: what was asked, and what was answered. */
export interface BenchDecision<State> {
  readonly event: AgentEvent;
  readonly decision: Decision<State>;
}

/**
 * One agent on a workbench, with a clock that only moves when it is told to. It does with decisions what RIPE does: keeps
 * the state, holds values, runs jobs to their end and tells it, wakes. Every answer is checked, and drawn in every
 * language. The pauses, budgets and holds of hard limits are not played here; only a run's greatest length is.
 */
export class AgentBench<State, Settings extends object> {
  now: number;
  settings: Settings;
  state: State;
  /** What the actuator holds. */
  value: number;
  reading: Reading | null = null;
  wakeAt: number | null = null;
  readonly decisions: BenchDecision<State>[] = [];
  /** Every value that the actuator was told, with its time. */
  readonly sent: { at: number; value: number }[] = [];
  /** How many jobs it has begun, and how often it was woken. */
  jobs = 0;
  wakes = 0;
  /** False: nobody reports that a job is over, as while no broker is there to deliver its last step. */
  tellsEnds = true;
  #agent: CheckedAgent<State, Settings>;
  #job: BenchJob | null = null;

  /** The agent is registered, but has not been told that it has started: that is `start`. */
  constructor(type: AgentType<State, Settings>, options: BenchOptions<Settings> = {}) {
    this.#agent = new CheckedAgent(type);
    this.now = options.now ?? Date.UTC(2026, 5, 1, 12);
    this.settings = this.#complete(options.settings ?? {});
    this.state = this.#agent.start(this.settings);
    this.value = type.neutral;
  }

  get job(): RunningJob | null {
    return this.#job?.shown ?? null;
  }

  get last(): Decision<State> | null {
    return this.decisions.at(-1)?.decision ?? null;
  }

  /** The code of the last decision's cause. */
  get code(): string | undefined {
    return this.last?.because.code;
  }

  /** The cause of the last decision as a person reads it. */
  because(locale: Locale = 'en'): string {
    const because: Because | undefined = this.last?.because;
    return because === undefined ? '' : this.#agent.explain(because, locale);
  }

  /** RIPE, or a new version of the code, has started. */
  start(): this {
    return this.send({ type: 'started' });
  }

  /** A reading comes in; metrics that are not named are not measured. */
  read(metrics: Partial<Reading>): this {
    const none = { battery: null, moisture: null, temperature: null, humidity: null };
    const rest = { carbon: null, conductivity: null, light: null };
    const reading: Reading = { ...none, ...rest, timestamp: this.now, ...metrics };
    this.reading = reading;
    return this.send({ type: 'reading', reading });
  }

  /** A person's command (protocol §6): seconds for a TimePane, the value times 1000 for a Slider. */
  force(payload: number): this {
    return this.send({ type: 'forced', payload });
  }

  configure(settings: Partial<Settings>): this {
    this.settings = this.#complete({ ...this.settings, ...settings });
    return this.send({ type: 'settings' });
  }

  /** Another version of the code takes over: the state goes through its `migrate`, then it is told that it started. */
  update(type: AgentType<State, Settings>): this {
    const former = this.#agent.type.version;
    this.#agent = new CheckedAgent(type);
    if (former !== type.version) this.state = this.#agent.migrate(this.state, former);
    this.settings = this.#complete(this.settings);
    return this.start();
  }

  /** Lets time pass; what falls due on the way happens at its time. */
  pass(ms: number): this {
    return this.passTo(this.now + ms);
  }

  passTo(at: number): this {
    for (let due = this.#nextDue(); due <= at; due = this.#nextDue()) {
      this.now = Math.max(this.now, due);
      this.#happen();
    }
    this.now = at;
    return this;
  }

  /** Ends the running job from outside: a node on the wire, a person, a restart. */
  endJob(outcome: JobOutcome, reason?: string): this {
    const job = this.job;
    this.#job = null;
    if (job === null) return this;
    this.#set(this.#agent.type.neutral);
    return this.#tellEnd(job, outcome, reason);
  }

  /** How a client draws it. */
  ui(locale: Locale = 'en', timeZone = 'UTC'): AgentUi {
    return this.#agent.render(this.#view(locale, timeZone));
  }

  send(event: WithoutTime<AgentEvent>): this {
    const whole = { ...event, at: this.now } as AgentEvent;
    const decision = this.#agent.decide(whole, this.#view('en', 'UTC'));
    this.decisions.push({ event: whole, decision });
    this.#carryOut(decision);
    for (const locale of ['en', 'de'] as const) this.ui(locale, 'Europe/Berlin');
    return this;
  }

  #view(locale: Locale, timeZone: string): AgentView<State, Settings> {
    const { state, settings, value, reading, job, now } = this;
    return { state, settings, value, reading, job, now, timeZone, locale };
  }

  #carryOut({ state, wakeAt, hold, job }: Decision<State>): void {
    if (state !== undefined) this.state = state;
    if (wakeAt !== undefined) this.wakeAt = wakeAt;
    if (hold !== undefined) this.#hold(hold);
    if (job === 'cancel') this.endJob('cancelled', 'decided');
    else if (job !== undefined) this.#run(job);
  }

  #hold(value: number): void {
    const replaced = this.job;
    this.#job = null;
    this.#set(value);
    if (replaced !== null) this.#tellEnd(replaced, 'cancelled', 'decided');
  }

  #run(plan: Plan): void {
    const { neutral, limits } = this.#agent.type;
    const { longestRunMs } = limitsOf(limits);
    const replaced = this.job;
    this.jobs += 1;
    const whole = cutPlan(parsePlan(plan, neutral), longestRunMs, neutral);
    this.#job = new BenchJob(`job-${this.jobs}`, whole, this.now);
    // Its first step, if that is due at once; nothing else can be due before it.
    if (this.#job.nextAt === this.now) this.#takeStep(this.#job);
    if (replaced !== null) this.#tellEnd(replaced, 'cancelled', 'replaced');
  }

  #nextDue(): number {
    return Math.min(this.#job?.nextAt ?? Number.POSITIVE_INFINITY, this.wakeAt ?? Number.POSITIVE_INFINITY);
  }

  #happen(): void {
    if (this.#job !== null && (this.#job.nextAt ?? 0) <= this.now) {
      this.#takeStep(this.#job);
      return;
    }
    this.wakeAt = null;
    this.wakes += 1;
    this.send({ type: 'woken' });
  }

  /** The plan's last step ends the job. */
  #takeStep(job: BenchJob): void {
    const value = job.takeStep();
    if (job.nextAt === null) this.endJob('finished');
    else if (value !== null) this.#set(value);
  }

  #tellEnd({ id, startedAt }: RunningJob, outcome: JobOutcome, reason?: string): this {
    if (!this.tellsEnds) return this;
    const job = { id, outcome, startedAt, endedAt: this.now };
    return this.send({ type: 'jobEnded', job: reason === undefined ? job : { ...job, reason } });
  }

  #set(value: number): void {
    if (value !== this.value) this.sent.push({ at: this.now, value });
    this.value = value;
  }

  #complete(settings: object): Settings {
    const controls = this.#agent.type.settings as unknown as AnyControls;
    return completeSettings(controls, settings as Record<string, unknown>) as Settings;
  }
}
