import assert from 'node:assert/strict';
import type {
  AgentEvent,
  AgentType,
  AgentUi,
  AgentView,
  Decision,
  EndedJob,
  JobOutcome,
  Locale,
  Plan,
  Reading,
  RunningJob,
} from '../../src/agent.ts';
import { type AnyControls, completeSettings } from '../../src/domain/settings-controls.ts';
import { checkDecision, checkUi, freeze } from './agent-checks.ts';

type EventWithoutTime = AgentEvent extends infer Event
  ? Event extends AgentEvent
    ? Omit<Event, 'at'>
    : never
  : never;

interface Options<Settings> {
  readonly settings?: Partial<Settings>;
  readonly now?: number;
  /** False: nobody reports that a job is over, as with no broker to deliver its last step. */
  readonly reportsEnds?: boolean;
}

/**
 * Drives one agent as the runtime does, on a clock of its own: applies decisions, runs jobs to their (cut) end, wakes.
 * Every answer is checked for what the contract promises.
 */
export class AgentHarness<State, Settings extends object> {
  readonly type: AgentType<State, Settings>;
  now: number;
  settings: Settings;
  state: State;
  value: number;
  job: RunningJob | null = null;
  reading: Reading | null = null;
  wakeAt: number | null = null;
  last: Decision<State> | null = null;
  reportsEnds: boolean;
  /** Every value that went out, with its time. */
  readonly sent: { at: number; value: number }[] = [];
  wakes = 0;
  jobs = 0;

  constructor(type: AgentType<State, Settings>, options: Options<Settings> = {}) {
    this.type = type;
    this.now = options.now ?? Date.UTC(2026, 5, 1, 12);
    this.reportsEnds = options.reportsEnds ?? true;
    this.settings = complete(type, options.settings ?? {});
    this.state = type.start(this.settings);
    this.value = type.neutral;
  }

  start(): this {
    return this.send({ type: 'started' });
  }

  read(metrics: Partial<Reading>): this {
    const none = {
      battery: null,
      moisture: null,
      temperature: null,
      humidity: null,
      carbon: null,
      conductivity: null,
      light: null,
    };
    const reading: Reading = { ...none, timestamp: this.now, ...metrics };
    this.reading = reading;
    return this.send({ type: 'reading', reading });
  }

  force(payload: number): this {
    return this.send({ type: 'forced', payload });
  }

  configure(settings: Partial<Settings>): this {
    this.settings = complete(this.type, { ...this.settings, ...settings });
    return this.send({ type: 'settings' });
  }

  /** Lets time pass; what falls due on the way happens at its time. */
  pass(ms: number): this {
    return this.passTo(this.now + ms);
  }

  passTo(at: number): this {
    for (let due = this.#nextDue(); due !== null && due <= at; due = this.#nextDue()) {
      this.now = Math.max(this.now, due);
      this.#happen();
    }
    this.now = at;
    return this;
  }

  /** Ends the running job from outside: a node on the wire, a person, a restart. */
  endJob(outcome: JobOutcome, reason?: string): this {
    if (this.job !== null) this.#end(this.job, outcome, reason);
    return this;
  }

  ui(locale: Locale = 'en', timeZone = 'UTC'): AgentUi {
    const ui = this.type.render(freeze(this.#view(locale, timeZone)));
    checkUi(ui);
    return ui;
  }

  get code(): string | undefined {
    return this.last?.because.code;
  }

  send(event: EventWithoutTime): this {
    const whole = freeze({ ...event, at: this.now } as AgentEvent);
    const decision = this.type.decide(whole, freeze(this.#view('en', 'UTC')));
    checkDecision(decision, this.type);
    this.last = decision;
    this.#apply(decision);
    for (const locale of ['en', 'de'] as const) this.ui(locale, 'Europe/Berlin');
    return this;
  }

  #view(locale: Locale, timeZone: string): AgentView<State, Settings> {
    const { state, settings, value, reading, job, now } = this;
    return { state, settings, value, reading, job, now, timeZone, locale };
  }

  #apply(decision: Decision<State>): void {
    if (decision.state !== undefined) this.state = decision.state;
    if (decision.wakeAt !== undefined) this.wakeAt = decision.wakeAt;
    if (decision.hold !== undefined) this.#hold(decision.hold);
    if (decision.job === 'cancel') this.endJob('cancelled');
    else if (decision.job !== undefined) this.#run(decision.job);
  }

  #hold(value: number): void {
    const old = this.job;
    this.job = null;
    this.#set(value);
    if (old !== null) this.#report(old, 'cancelled', 'held');
  }

  /** The shipped types plan on-phases of one step only: set, wait, set neutral. */
  #run(plan: Plan): void {
    const [first, wait] = plan.steps;
    assert.ok(first !== undefined && 'set' in first && wait !== undefined && 'wait' in wait);
    assert.deepEqual(plan.steps.at(-1), { set: this.type.neutral }, 'a plan ends neutral');
    const old = this.job;
    const longest = this.type.limits?.longestRunMs ?? Number.POSITIVE_INFINITY;
    this.jobs += 1;
    this.job = {
      id: `job-${this.jobs}`,
      startedAt: this.now,
      endsAt: this.now + Math.min(wait.wait, longest),
    };
    this.#set(first.set);
    if (old !== null) this.#report(old, 'cancelled', 'replaced');
  }

  #nextDue(): number | null {
    const due = [this.job?.endsAt, this.wakeAt].filter((at) => at !== undefined && at !== null);
    return due.length === 0 ? null : Math.min(...due);
  }

  #happen(): void {
    if (this.job !== null && this.job.endsAt <= this.now) {
      this.#end(this.job, 'finished');
    } else {
      this.wakeAt = null;
      this.wakes += 1;
      this.send({ type: 'woken' });
    }
  }

  #end(job: RunningJob, outcome: JobOutcome, reason?: string): void {
    this.job = null;
    this.#set(this.type.neutral);
    this.#report(job, outcome, reason);
  }

  #report({ id, startedAt }: RunningJob, outcome: JobOutcome, reason?: string): void {
    if (!this.reportsEnds) return;
    const job: EndedJob = { id, outcome, startedAt, endedAt: this.now };
    this.send({ type: 'jobEnded', job: reason === undefined ? job : { ...job, reason } });
  }

  #set(value: number): void {
    if (value !== this.value) this.sent.push({ at: this.now, value });
    this.value = value;
  }
}

function complete<State, Settings>(type: AgentType<State, Settings>, settings: object): Settings {
  const controls = type.settings as unknown as AnyControls;
  return completeSettings(controls, settings as Record<string, unknown>) as Settings;
}
