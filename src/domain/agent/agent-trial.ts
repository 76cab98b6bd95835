import { parsePlan } from '../job/plan.ts';
import type { Json } from '../json.ts';
import type { Reading } from '../reading/reading.ts';
import type { AgentEvent } from './agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView } from './agent-host.ts';
import { completeSettings } from './settings-controls.ts';

const NOON = Date.UTC(2026, 5, 21, 12);
const HOUR_MS = 3_600_000;

const READING: Reading = {
  timestamp: NOON,
  battery: 80,
  moisture: 40,
  temperature: 21.5,
  humidity: 55,
  carbon: 600,
  conductivity: 900,
  light: 12_000,
};

const endedJob = { id: 'trial', startedAt: NOON, endedAt: NOON + 60_000 };

/** One of every kind, as a sensor's ordinary day brings them. */
const EVENTS: readonly AgentEvent[] = [
  { type: 'started', at: NOON },
  { type: 'reading', at: NOON, reading: READING },
  { type: 'settings', at: NOON + HOUR_MS },
  { type: 'woken', at: NOON + HOUR_MS },
  { type: 'forced', at: NOON + HOUR_MS, payload: 30 },
  { type: 'jobEnded', at: NOON + HOUR_MS, job: { ...endedJob, outcome: 'finished' } },
];

/**
 * Runs every function of an agent type on samples, each event on a fresh state. Throws what is wrong first. That
 * `migrate` throws is no fault: it may know the states that it can take over.
 */
export async function tryAgentType(host: AgentHost): Promise<void> {
  const settings = completeSettings(host.settings, {});
  const state = await inWords('start', () => host.start(settings));
  const fresh = viewOf({ state, settings, value: host.neutral });
  await inWords('render', () => host.render(fresh));
  for (const event of EVENTS) {
    const view = { ...fresh, now: event.at, reading: event.type === 'started' ? null : READING };
    const decision = await inWords(`decide on ${event.type}`, () => host.decide(event, view));
    await inWords(`decide on ${event.type}`, () => checkJob(decision, host.neutral));
    await inWords('render', () => host.render(afterwards(view, decision)));
  }
  await Promise.resolve(host.migrate(state, host.version)).catch(() => undefined);
}

function viewOf(parts: Pick<AnyView, 'state' | 'settings' | 'value'>): AnyView {
  return { ...parts, reading: null, job: null, now: NOON, timeZone: 'UTC', locale: 'en' };
}

function checkJob({ job }: AnyDecision, neutral: number): void {
  if (job !== undefined && job !== 'cancel') parsePlan(job, neutral);
}

function afterwards(view: AnyView, { state, hold, job }: AnyDecision): AnyView {
  const running = { id: 'trial', startedAt: view.now, endsAt: view.now + 60_000 };
  return {
    ...view,
    state: (state ?? view.state) as Json,
    value: hold ?? view.value,
    job: job === undefined ? view.job : job === 'cancel' ? null : running,
  };
}

/** Says which function it was: an author wants to know. */
async function inWords<Result>(what: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.message = `${what}: ${error.message}`;
    throw error;
  }
}
