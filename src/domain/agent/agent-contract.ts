import type { Plan } from '../job/plan.ts';
import type { Reading } from '../reading/reading.ts';
import type { Locale } from '../time/zones.ts';
import type { AgentUi } from './agent-ui.ts';
import type { Controls } from './settings-controls.ts';

/** Why an agent decided as it did: a code of the agent type, and the figures that its text names. */
export interface Because {
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The job that an agent has running: `endsAt` (ms UTC) is the real end, after every limit. */
export interface RunningJob {
  readonly id: string;
  readonly startedAt: number;
  readonly endsAt: number;
}

export type JobOutcome = 'finished' | 'cancelled' | 'refused';

/** A job that is over. `reason` says more, e.g. `replaced`, `restart`, `dropped on the wire`. */
export interface EndedJob {
  readonly id: string;
  readonly outcome: JobOutcome;
  readonly reason?: string;
  readonly startedAt: number | null;
  readonly endedAt: number;
}

/** What an agent is asked about; `at` is ms UTC. */
export type AgentEvent =
  /** Registered, or RIPE or the agent's code has (re)started. */
  | { readonly type: 'started'; readonly at: number }
  | { readonly type: 'reading'; readonly at: number; readonly reading: Reading }
  /** A person's command; what the payload means depends on the decorator (protocol §6). */
  | { readonly type: 'forced'; readonly at: number; readonly payload: number }
  | { readonly type: 'settings'; readonly at: number }
  /** The moment that an earlier decision named as `wakeAt`. */
  | { readonly type: 'woken'; readonly at: number }
  | { readonly type: 'jobEnded'; readonly at: number; readonly job: EndedJob };

/** Everything an agent may know when it decides or draws itself. */
export interface AgentView<State, Settings> {
  readonly state: State;
  readonly settings: Settings;
  /** The value that the actuator is told to hold now. */
  readonly value: number;
  /** The last reading of the sensor, or null. */
  readonly reading: Reading | null;
  readonly job: RunningJob | null;
  /** ms UTC: an agent never asks a clock itself. */
  readonly now: number;
  /** IANA zone of the person who asks; UTC where nobody does. */
  readonly timeZone: string;
  readonly locale: Locale;
}

/** The answer to an event. What is absent stays as it is. */
export interface Decision<State> {
  readonly state?: State;
  /** Hold this int32 from now on; ends a running job. */
  readonly hold?: number;
  /** Run this plan (in place of a running one), or end the running one. */
  readonly job?: Plan | 'cancel';
  /** ms UTC at which to be woken; null: not at all. */
  readonly wakeAt?: number | null;
  readonly because: Because;
}

/**
 * Hard limits outside agent code: RIPE cuts what asks for more. A type names what it wants to be held to; the owner of
 * the garden can only tighten that.
 */
export interface Limits {
  /** From a run's first step to its last, at most 24 h. A run that takes over from one of its own goes on counting. */
  readonly longestRunMs: number;
  /** Neutral for so long between two runs or held values that nobody has forced. */
  readonly shortestPauseMs: number;
  /** Not neutral for so long within any 24 h; null: without a budget. */
  readonly dailyBudgetMs: number | null;
  /** How long a value other than neutral may be held; null: as long as it likes. */
  readonly longestHoldMs: number | null;
  /** So many decisions in a row that fail lock the agent out. */
  readonly lockoutAfter: number;
}

export type LimitName = keyof Limits;

/** What a hard limit has taken from a decision: `grantedMs` of `askedMs`, 0 where it was refused. */
export interface Cut {
  readonly limit: LimitName;
  readonly askedMs: number | null;
  readonly grantedMs: number;
}

/** Texts for the codes of `because`, with `{param}` placeholders. */
export type Explanations = Readonly<Record<Locale, Readonly<Record<string, string>>>>;

/**
 * The behaviour that a plugin brings: pure and synchronous. It never sleeps, owns no timer, publishes nothing.
 * State and settings are JSON and belong to RIPE.
 */
export interface AgentType<State, Settings> {
  /** What clients register, e.g. `ThresholdAgent`. */
  readonly name: string;
  /** Semantic version of this behaviour. */
  readonly version: string;
  readonly apiVersion: 1;
  readonly settings: Controls<Settings>;
  /** The value that is safe: what the actuator gets when nobody decides otherwise. */
  readonly neutral: number;
  readonly limits?: Partial<Limits>;
  readonly explanations: Explanations;
  start(settings: Settings): State;
  decide(event: AgentEvent, view: AgentView<State, Settings>): Decision<State>;
  render(view: AgentView<State, Settings>): AgentUi;
  /** Takes over the state of an older version; without it the state is kept as it is. */
  migrate?(state: unknown, fromVersion: string): State;
}
