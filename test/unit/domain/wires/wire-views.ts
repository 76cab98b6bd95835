import type { RunningJob } from '../../../../src/domain/agent/agent-contract.ts';
import type { AnyView } from '../../../../src/domain/agent/agent-host.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

export const runningJob: RunningJob = { id: 'job-1', startedAt: NOON, endsAt: NOON + 30_000 };

/** What an agent knows that has done nothing yet. */
export function idleView(parts: Partial<AnyView> = {}): AnyView {
  const nothing = { state: {}, settings: {}, value: 0, reading: null, job: null };
  return { ...nothing, now: NOON, timeZone: 'UTC', locale: 'en', ...parts };
}
