import { ref } from 'vue';
import { agentPath, type GardenClient, Refusal, rangeQuery } from '../data/garden-client.ts';
import type { GardenStore } from '../data/garden-store.ts';
import { isRunning, phaseOf } from '../data/needs.ts';
import type { Agent, Decision, SensorCommand } from '../data/shapes.ts';

const DECISIONS_BACK_MS = 60_000;
/** The page's clock may be wrong by so much. */
const CLOCK_MS = 5 * 60_000;
const STOPS = 2;

/** What came of a person's command, and why. */
export interface Outcome {
  readonly text: string;
  readonly kind: 'taken' | 'refused' | 'unanswered';
  /** When it was decided, ms UTC by RIPE's clock; commands of before are none of it. */
  readonly since: number;
}

/**
 * Forces an agent, and tells what became of that: the decision that RIPE has taken and its reason, and what the agent is
 * doing now. Never the wish.
 */
export function useForce(client: GardenClient, store: GardenStore, at: { sensor: number; domain: string }) {
  const isAsking = ref(false);
  const outcome = ref<Outcome | null>(null);

  async function force(payload: number): Promise<void> {
    isAsking.value = true;
    outcome.value = null;
    try {
      await client.ask('POST', agentPath(at.sensor, at.domain), { payload });
      // It is done; why, the log of decisions tells later, too.
      const reason = newestDecision(client, at).catch(() => undefined);
      const [decision] = await Promise.all([reason, store.refresh(at.sensor)]);
      outcome.value = outcomeOf(payload, decision);
    } catch (error) {
      const isUnanswered = error instanceof Refusal && error.isUnanswered;
      const kind = isUnanswered ? 'unanswered' : 'refused';
      outcome.value = { text: (error as Error).message, kind, since: Number.POSITIVE_INFINITY };
    } finally {
      isAsking.value = false;
    }
  }

  function agent(): Agent | undefined {
    return store.sensors.get(at.sensor)?.agents.find(({ domain }) => domain === at.domain);
  }

  /** A TimeAgent that is off by hand goes back to its clock first; a second command is meant for what the clock says. */
  async function run(seconds: number): Promise<void> {
    const wasStopped = phaseOf(agent()?.ui.state ?? 'Ready')?.phase === 'Stopped';
    await force(seconds);
    if (wasStopped && outcome.value?.kind === 'refused') await force(seconds);
  }

  /**
   * Off until the end of what runs: a TimeAgent takes that as the time for which its clock does not count, others need only
   * know that it is not above 0. What a person has switched on goes back to the clock first, which may have it on, too.
   */
  async function stop(): Promise<void> {
    for (let attempt = 0; attempt < STOPS; attempt += 1) {
      const left = (phaseOf(agent()?.ui.state ?? 'Ready')?.end ?? 0) - Date.now();
      await force(-Math.max(1, Math.ceil(left / 1000)));
      const now = agent();
      if (outcome.value?.kind !== 'taken' || now === undefined || !isRunning(now)) return;
    }
    outcome.value = { text: outcome.value?.text ?? '', kind: 'refused', since: Number.POSITIVE_INFINITY };
  }

  return { isAsking, outcome, force, run, stop };
}

/** An agent may take a command and do nothing, with a reason: to who has asked for water that is a refusal. */
export function outcomeOf(payload: number, decision: Decision | undefined): Outcome {
  if (decision === undefined) return { text: '', kind: 'taken', since: Number.POSITIVE_INFINITY };
  const isUndone = payload > 0 && decision.job === null && decision.value === 0;
  return {
    text: decision.text,
    kind: isUndone ? 'refused' : 'taken',
    since: Date.parse(decision.at),
  };
}

async function newestDecision(
  client: GardenClient,
  { sensor, domain }: { sensor: number; domain: string },
): Promise<Decision | undefined> {
  const now = Date.now();
  const query = rangeQuery(now - DECISIONS_BACK_MS - CLOCK_MS, now + CLOCK_MS);
  const decisions = await client.get<Decision[]>(`/api/sensor/${sensor}/decision?${query}`);
  return decisions.find((decision) => decision.domain === domain && decision.event === 'forced');
}

/** The newest command of a sensor, and how far it has got; null: there was none since then (ms UTC). */
export async function newestCommand(
  client: GardenClient,
  sensor: number,
  since: number,
): Promise<SensorCommand | null> {
  const [newest] = await client.get<SensorCommand[]>(`/api/sensor/${sensor}/command`);
  return newest !== undefined && Date.parse(newest.created_at) >= since ? newest : null;
}
