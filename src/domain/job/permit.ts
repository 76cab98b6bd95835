import type { Cut, LimitName, Limits } from '../agent/agent-contract.ts';
import { onTimeOf } from './day-use.ts';
import { cutOnTime, cutPlan, durationOf, type Plan } from './plan.ts';

/** A budget that leaves less than this starts nothing: a pump only wears out by it. */
const TOO_SHORT_MS = 5_000;

/** How things stand when a run is asked for. */
export interface Standing {
  readonly now: number;
  /** A person has asked: what is used up or rests does not matter, only the longest run does. */
  readonly isForced: boolean;
  /** Since when the run goes on that this one takes over from; null: nothing runs. */
  readonly runSince: number | null;
  readonly lastOnAt: number | null;
  readonly usedMs: number;
}

/** What may run of a plan, null for nothing, and what that took from it. */
export interface Permit {
  readonly plan: Plan | null;
  readonly cut: Cut | null;
}

/** Cuts a plan to an agent's limits. */
export function permit(asked: Plan, neutral: number, limits: Limits, standing: Standing): Permit {
  const refuse = (limit: LimitName): Permit => ({
    plan: null,
    cut: { limit, askedMs: durationOf(asked), grantedMs: 0 },
  });
  const limit = refusedBy(limits, standing);
  if (limit !== null) return refuse(limit);
  const { now, runSince, usedMs, isForced } = standing;
  const short = cutPlan(asked, limits.longestRunMs - (now - (runSince ?? now)), neutral);
  const budget = isForced ? null : limits.dailyBudgetMs;
  const plan = budget === null ? short : cutOnTime(short, budget - usedMs, neutral);
  if (plan !== short && onTimeOf(plan, neutral) <= TOO_SHORT_MS) return refuse('dailyBudgetMs');
  if (plan === asked) return { plan, cut: null };
  const by = plan === short ? 'longestRunMs' : 'dailyBudgetMs';
  return { plan, cut: { limit: by, askedMs: durationOf(asked), grantedMs: durationOf(plan) } };
}

/** How far a run has come that goes on while its limits change. */
export interface Midway {
  /** How much of its plan is behind it, in ms. */
  readonly elapsedMs: number;
  /** How long the runs had gone on that it took over from. */
  readonly beforeMs: number;
  /** How much is left of the day; null: it is not held to that. */
  readonly budgetLeftMs: number | null;
}

/** What is left of a plan that is being carried out, the part that is behind it included; null: all of it is. */
export function shorten(
  asked: Plan,
  neutral: number,
  limits: Limits,
  midway: Midway,
): { plan: Plan; cut: Cut } | null {
  const { elapsedMs, beforeMs, budgetLeftMs } = midway;
  const short = cutPlan(asked, limits.longestRunMs - beforeMs, neutral);
  const usedMs = onTimeOf(asked, neutral, elapsedMs);
  const plan = budgetLeftMs === null ? short : cutOnTime(short, usedMs + budgetLeftMs, neutral);
  if (plan === asked) return null;
  const limit = plan === short ? 'longestRunMs' : 'dailyBudgetMs';
  return { plan, cut: { limit, askedMs: durationOf(asked), grantedMs: durationOf(plan) } };
}

/** The limit that lets nothing begin at all at present, be it a run or a held value; null where there is none. */
export function refusedBy(limits: Limits, standing: Standing): LimitName | null {
  const { now, isForced, runSince, lastOnAt, usedMs } = standing;
  if (runSince !== null && now - runSince >= limits.longestRunMs) return 'longestRunMs';
  if (isForced) return null;
  const isResting = runSince === null && lastOnAt !== null && now - lastOnAt < limits.shortestPauseMs;
  if (isResting) return 'shortestPauseMs';
  return limits.dailyBudgetMs !== null && usedMs >= limits.dailyBudgetMs ? 'dailyBudgetMs' : null;
}

/** How a refusal is called where a person reads it. */
export const LIMIT_NAMES: Readonly<Record<LimitName, string>> = {
  longestRunMs: 'longest run',
  shortestPauseMs: 'shortest pause',
  dailyBudgetMs: 'daily budget',
  longestHoldMs: 'longest hold',
  lockoutAfter: 'locked out',
};
