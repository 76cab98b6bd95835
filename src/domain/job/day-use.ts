import { DAY_MS } from './limits.ts';
import { type Plan, timeline } from './plan.ts';

/** A while in which an actuator was on for `onMs`, ms UTC. */
export interface Use {
  readonly from: number;
  readonly to: number;
  readonly onMs: number;
}

export type DayUseRecord = readonly Use[];

/** More entries than this are told by half as many: who switches all day is counted a little too high. */
const MOST_USES = 200;

const NONE: readonly Use[] = [];

/** How long an actuator was on within the last 24 h, which slide along: no midnight makes a new day of it. */
export class DayUse {
  #uses = NONE;
  #onSince: number | null = null;
  #lastOnAt: number | null = null;

  /** When the actuator was last on, until now where it is: what a pause counts from. Null: not of late. */
  lastOnAt(now: number): number | null {
    return this.#onSince === null ? this.#lastOnAt : now;
  }

  note(isOn: boolean, now: number): void {
    if (isOn) this.#onSince ??= now;
    else if (this.#onSince !== null) {
      const from = this.#onSince;
      this.#onSince = null;
      this.add({ from, to: now, onMs: now - from });
    }
  }

  add(use: Use): void {
    this.#lastOnAt = Math.max(this.#lastOnAt ?? 0, use.to);
    if (use.onMs <= 0) return;
    this.#uses = withUse(this.#uses, use);
  }

  usedMs(now: number): number {
    const since = now - DAY_MS;
    if (this.#uses.length > 0) this.#uses = this.#uses.filter(({ to }) => to > since);
    const running = this.#onSince === null ? 0 : now - Math.max(this.#onSince, since);
    return this.#uses.reduce((sum, use) => sum + usedSince(use, since), running);
  }
}

/** Of a while with pauses in it nobody knows where they were: the most that may lie behind that moment. */
function usedSince({ from, to, onMs }: Use, since: number): number {
  return Math.min(onMs, to - Math.max(from, since));
}

export function withUse(uses: readonly Use[], use: Use): readonly Use[] {
  const all = [...uses, use];
  return all.length > MOST_USES ? halved(all) : all;
}

function halved(uses: readonly Use[]): Use[] {
  const sorted = uses.toSorted((a, b) => a.from - b.from);
  const half: Use[] = [];
  for (let index = 0; index < sorted.length; index += 2) {
    half.push(joined(sorted[index] as Use, sorted[index + 1]));
  }
  return half;
}

function joined(use: Use, next: Use | undefined): Use {
  if (next === undefined) return use;
  return { from: use.from, to: Math.max(use.to, next.to), onMs: use.onMs + next.onMs };
}

/** How long a plan has its actuator on within its first `elapsedMs`. */
export function onTimeOf(plan: Plan, neutral: number, elapsedMs = Number.POSITIVE_INFINITY): number {
  const due = timeline(plan);
  return due.reduce((sum, { at, value }, index) => {
    const until = Math.min(due[index + 1]?.at ?? at, elapsedMs);
    return value === neutral || until <= at ? sum : sum + until - at;
  }, 0);
}

interface Progress {
  readonly plan: Plan;
  readonly neutral: number;
  readonly startedAt: number | null;
  readonly delayedMs: number;
  readonly waitsSince: number | null;
}

/** What a job, as it is stored, had used until a moment; null where it had not begun. */
export function useOf(job: Progress, until: number): Use | null {
  if (job.startedAt === null) return null;
  const to = Math.min(until, job.waitsSince ?? until);
  const onMs = onTimeOf(job.plan, job.neutral, to - job.startedAt - job.delayedMs);
  return { from: job.startedAt, to, onMs };
}
