import Type, { type TUnion } from 'typebox';
import type { LimitName, Limits } from '../agent/agent-contract.ts';
import { fieldError } from '../errors.ts';

export const DAY_MS = 86_400_000;
const LOCKOUT_AFTER = 5;

const orNone = (minimum: number, description: string): TUnion =>
  Type.Union([Type.Integer({ minimum }), Type.Null()], { description });

/** Limits as an agent type or a person names them: what is absent is as it was. */
export const LimitsSchema = Type.Object({
  longestRunMs: Type.Optional(Type.Integer({ minimum: 1, description: 'A longer run is cut, ms' })),
  shortestPauseMs: Type.Optional(Type.Integer({ minimum: 0, description: 'Neutral between two runs, ms' })),
  dailyBudgetMs: Type.Optional(
    orNone(0, 'Not neutral for so long within any 24 h, ms; null: without a budget'),
  ),
  longestHoldMs: Type.Optional(orNone(1, 'How long a value may be held, ms; null: as long as it likes')),
  lockoutAfter: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Failures in a row that lock the agent out' }),
  ),
});

/** What the owner of the garden has tightened. */
export type OwnLimits = Partial<Limits>;

/** What an agent type is held to: no run of any agent is longer than a day, whatever its type says. */
export function limitsOf(asked: Partial<Limits> | undefined): Limits {
  return {
    longestRunMs: Math.min(asked?.longestRunMs ?? DAY_MS, DAY_MS),
    shortestPauseMs: asked?.shortestPauseMs ?? 0,
    dailyBudgetMs: asked?.dailyBudgetMs ?? null,
    longestHoldMs: asked?.longestHoldMs ?? null,
    lockoutAfter: asked?.lockoutAfter ?? LOCKOUT_AFTER,
  };
}

/** The tightest of each: nobody can loosen what somebody else has said. */
export function tightest(limits: Limits, ...further: readonly OwnLimits[]): Limits {
  return further.reduce<Limits>(
    (all, own) => ({
      longestRunMs: lesser(all.longestRunMs, own.longestRunMs),
      shortestPauseMs: Math.max(all.shortestPauseMs, own.shortestPauseMs ?? 0),
      dailyBudgetMs: lesser(all.dailyBudgetMs, own.dailyBudgetMs),
      longestHoldMs: lesser(all.longestHoldMs, own.longestHoldMs),
      lockoutAfter: lesser(all.lockoutAfter, own.lockoutAfter),
    }),
    limits,
  );
}

/** Further limits of an owner on top of those that are set; null takes one back. Throws where one would be looser. */
export function tightenLimits(
  set: OwnLimits,
  change: Readonly<Record<string, number | null>>,
  limits: Limits,
): OwnLimits {
  const own: Record<string, number> = { ...set } as Record<string, number>;
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete own[name];
    else own[name] = checkedLimit(name as LimitName, value, limits);
  }
  return own;
}

function checkedLimit(name: LimitName, value: number, limits: Limits): number {
  const { [name]: bound } = limits;
  const isLooser = bound !== null && (name === 'shortestPauseMs' ? value < bound : value > bound);
  if (!isLooser) return value;
  const side = name === 'shortestPauseMs' ? 'least' : 'most';
  throw fieldError(`limits.${name}`, `must be at ${side} ${bound}: limits can only be tightened`);
}

function lesser<Bound extends number | null>(bound: Bound, other: number | null | undefined): Bound {
  if (other === undefined || other === null) return bound;
  return (bound === null ? other : Math.min(bound, other)) as Bound;
}
