import type { Cut, LimitName, Limits, RunningJob } from '../../agent/agent-contract.ts';
import type { AgentHost } from '../../agent/agent-host.ts';
import { DayUse, type DayUseRecord, type Use, useOf, withUse } from '../../job/day-use.ts';
import type { JobRecord } from '../../job/job.ts';
import { DAY_MS, limitsOf, type OwnLimits, tightest } from '../../job/limits.ts';
import { type Permit, permit, refusedBy, type Standing, shorten } from '../../job/permit.ts';
import { durationOf, type Plan } from '../../job/plan.ts';
import type { AgentTwin } from '../../sensor/twin.ts';
import type { Hold, Lockout } from '../../store.ts';

/** Who or what asks for a run or a held value, and when. */
export interface Asked {
  readonly now: number;
  /** A person does. */
  readonly isForced: boolean;
  /** While a job of the agent's own is running. */
  readonly isTaken: boolean;
}

/** Whose limits they are. */
export interface Guarded {
  readonly agent: AgentTwin;
  host(): AgentHost | undefined;
}

/** When a value that is held has to go, and by which limit. */
export interface HoldEnd {
  readonly at: number;
  readonly limit: LimitName;
}

/** The run that goes on, through every job that took over from another one. */
interface Run extends Hold {
  /** It is of an earlier start: who asked for it is not known any more. */
  readonly isOfBefore: boolean;
}

/**
 * The hard limits of one agent, outside its code. What its actuator had on of late is known from the rows of its jobs,
 * and for held values from its own record: so a restart gives nobody a new day.
 */
export class Guard {
  readonly #guarded: Guarded;
  readonly #garden: OwnLimits;
  /** null: nothing was on of late. Most agents of a large garden rest. */
  #use: DayUse | null = null;
  #failures = 0;
  #run: Run | null = null;

  constructor(guarded: Guarded, garden: OwnLimits) {
    this.#guarded = guarded;
    this.#garden = garden;
    const { held = [], hold } = guarded.agent.guard;
    for (const use of held) this.#noteUse(use);
    if (hold !== undefined) this.noted(true, hold.since);
  }

  get lockout(): Lockout | null {
    return this.#guarded.agent.guard.lockout ?? null;
  }

  /** What the type, the garden and the owner of this agent say together. */
  get limits(): Limits {
    return tightest(this.loosest, this.#guarded.agent.guard.limits ?? {});
  }

  /** What the owner of this agent may tighten. */
  get loosest(): Limits {
    return tightest(this.#guarded.host()?.limits ?? limitsOf({}), this.#garden);
  }

  usedMs(now: number): number {
    return this.#use?.usedMs(now) ?? 0;
  }

  /** What jobs of an earlier run had on that have ended. */
  rememberUses(uses: DayUseRecord): void {
    for (const use of uses) this.#noteUse(use);
  }

  /** A job of an earlier run that has not ended. */
  remember(job: JobRecord, until: number): void {
    const use = useOf(job, until);
    if (use === null) return;
    this.#noteUse(use);
    if (job.status === 'running') this.#run = { since: use.from, isForced: false, isOfBefore: true };
  }

  /** The actuator holds another value from now on. */
  noted(isOn: boolean, now: number): void {
    if (isOn) this.#use ??= new DayUse();
    this.#use?.note(isOn, now);
    if (!isOn) this.endHold(now);
  }

  permitRun(plan: Plan, neutral: number, { now, isForced, isTaken }: Asked): Permit {
    const run = isTaken ? this.#run : null;
    // What a person has on is no excuse for the code, and what the code has on does not cut a person's run.
    const since = run !== null && !run.isForced && !isForced ? run.since : now;
    const standing = this.#standing(now, isForced, isTaken ? since : null);
    const permitted = permit(plan, neutral, this.limits, standing);
    if (permitted.plan === null) return permitted;
    this.#run = { since, isForced, isOfBefore: false };
    return permitted;
  }

  /** What its limits leave by now of the agent's job; null: all of it. */
  permitRest(plan: Plan, neutral: number, { startedAt, endsAt }: RunningJob, now: number) {
    const since = this.#run?.since ?? startedAt;
    const isFree = this.#run?.isOfBefore === true || this.#run?.isForced === true;
    const { limits } = this;
    const { dailyBudgetMs } = limits;
    const elapsedMs = Math.max(0, durationOf(plan) - (endsAt - now));
    return shorten(plan, neutral, limits, {
      elapsedMs,
      beforeMs: Math.max(0, startedAt - since),
      budgetLeftMs: isFree || dailyBudgetMs === null ? null : Math.max(0, dailyBudgetMs - this.usedMs(now)),
    });
  }

  /** What keeps a value from being held from now on; null: nothing does. */
  refusedHold({ now, isForced, isTaken }: Asked): Cut | null {
    if (this.#guarded.agent.guard.hold !== undefined) return null;
    const limit = refusedBy(this.limits, this.#standing(now, isForced, isTaken ? now : null));
    return limit === null ? null : { limit, askedMs: null, grantedMs: 0 };
  }

  /** A person who sets the value anew begins anew. */
  holds({ now, isForced }: Asked): void {
    if (this.#guarded.agent.guard.hold === undefined || isForced)
      this.#keep({ hold: { since: now, isForced } });
  }

  /** The row of a job tells what the job used; of a held value this record alone does. */
  endHold(now: number): void {
    const { hold, held = [], ...rest } = this.#guarded.agent.guard;
    if (hold === undefined) return;
    this.#guarded.agent.guard = rest;
    if (this.limits.dailyBudgetMs === null) return;
    const recent = held.filter(({ to }) => to > now - DAY_MS);
    const use = { from: hold.since, to: now, onMs: Math.max(0, now - hold.since) };
    this.#keep({ held: withUse(recent, use) });
  }

  /** When the value that is held has to go; null: it may stay. */
  holdEnd(now: number): HoldEnd | null {
    const { hold } = this.#guarded.agent.guard;
    if (hold === undefined) return null;
    const { longestHoldMs, dailyBudgetMs } = this.limits;
    const longest = longestHoldMs === null ? Number.POSITIVE_INFINITY : hold.since + longestHoldMs;
    const isFree = dailyBudgetMs === null || hold.isForced;
    const spent = isFree ? Number.POSITIVE_INFINITY : now + Math.max(0, dailyBudgetMs - this.usedMs(now));
    const at = Math.min(longest, spent);
    if (at === Number.POSITIVE_INFINITY) return null;
    return { at, limit: longest <= spent ? 'longestHoldMs' : 'dailyBudgetMs' };
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** True: that was one too many, and the agent is locked out from now on. */
  failed(at: number, reason: string): boolean {
    this.#failures += 1;
    if (this.#failures < this.limits.lockoutAfter) return false;
    this.#keep({ lockout: { at, failures: this.#failures, reason } });
    return true;
  }

  /** Somebody has looked after it; false if it was not locked out. */
  release(): boolean {
    this.#failures = 0;
    const { lockout, ...rest } = this.#guarded.agent.guard;
    this.#guarded.agent.guard = rest;
    return lockout !== undefined;
  }

  setLimits(limits: OwnLimits): void {
    this.#keep({ limits });
  }

  #standing(now: number, isForced: boolean, runSince: number | null): Standing {
    return { now, isForced, runSince, lastOnAt: this.#use?.lastOnAt(now) ?? null, usedMs: this.usedMs(now) };
  }

  #noteUse(use: Use): void {
    this.#use ??= new DayUse();
    this.#use.add(use);
  }

  #keep(parts: Partial<AgentTwin['guard']>): void {
    this.#guarded.agent.guard = { ...this.#guarded.agent.guard, ...parts };
  }
}
