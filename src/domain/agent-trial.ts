import type { AgentEvent } from './agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView } from './agent-host.ts';
import type { Json } from './json.ts';
import { parsePlan } from './plan.ts';
import type { Reading } from './reading.ts';
import { completeSettings } from './settings-controls.ts';

const NOON = Date.UTC(2026, 5, 21, 12);
const HOUR_MS = 3_600_000;

const EMPTY: Reading = {
  timestamp: NOON,
  battery: null,
  moisture: null,
  temperature: null,
  humidity: null,
  carbon: null,
  conductivity: null,
  light: null,
};
const usual = { battery: 80, moisture: 40, temperature: 21.5, humidity: 55, carbon: 600, conductivity: 900 };
const low = { battery: 0, moisture: 0, temperature: -40, humidity: 0, carbon: 0, conductivity: 0, light: 0 };
const high = { battery: 100, moisture: 100, temperature: 85, humidity: 100, carbon: 40_000, light: 200_000 };
const READINGS: readonly Reading[] = [
  EMPTY,
  ...[usual, low, high].map((values) => ({ ...EMPTY, ...values })),
];

const endedJob = { id: 'trial', startedAt: NOON, endedAt: NOON + 60_000 };

/** One of every kind, as a sensor's ordinary day brings them. */
const EVENTS: readonly AgentEvent[] = [
  { type: 'started', at: NOON },
  ...READINGS.map((reading, index) => ({ type: 'reading', at: NOON + index * 60_000, reading }) as const),
  { type: 'settings', at: NOON + HOUR_MS },
  { type: 'woken', at: NOON + HOUR_MS },
  ...[30, 0, -30, 730].map((payload) => ({ type: 'forced', at: NOON + HOUR_MS, payload }) as const),
  { type: 'jobEnded', at: NOON + HOUR_MS, job: { ...endedJob, outcome: 'finished' } },
  { type: 'jobEnded', at: NOON + HOUR_MS, job: { ...endedJob, outcome: 'cancelled', reason: 'trial' } },
  { type: 'jobEnded', at: NOON + HOUR_MS, job: { ...endedJob, outcome: 'refused', startedAt: null } },
];

/**
 * Runs every function of an agent type on samples, state carried on from one to the next as in a garden. Throws what
 * is wrong first. That `migrate` throws is no fault: it may know the states that it can take over.
 */
export async function tryAgentType(host: AgentHost): Promise<void> {
  const settings = completeSettings(host.settings, {});
  const begun = await inWords('start', () => host.start(settings));
  let view: AnyView = viewOf({ state: begun, settings, value: host.neutral });
  await inWords('render', () => host.render(view));
  for (const event of EVENTS) {
    if (event.type === 'reading') view = { ...view, reading: event.reading };
    view = { ...view, now: event.at };
    const decision = await inWords(`decide on ${event.type}`, () => host.decide(event, view));
    await inWords(`decide on ${event.type}`, () => checkJob(decision, host.neutral));
    view = afterwards(view, decision);
    await inWords('render', () => host.render({ ...view, locale: 'de', timeZone: 'Europe/Berlin' }));
  }
  await Promise.resolve(host.migrate(begun, host.version)).catch(() => undefined);
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
