import type { Cut } from '../agent/agent-contract.ts';
import type { Decorator } from '../agent/agent-ui.ts';
import { RipeError } from '../errors.ts';
import { runSeconds } from '../home-assistant/agent-face.ts';
import { type ForceOrder, type ForceOutcome, payloadOf } from '../job/force.ts';
import { ownerOf } from '../job/job.ts';
import type { RuntimeEvent, RuntimeJobEvent } from './events.ts';
import type { AgentLane } from './lanes/agent-lane.ts';
import { NOBODY } from './lanes/asker.ts';
import { cutText } from './lanes/interventions.ts';
import type { Lanes } from './lanes/lanes.ts';
import type { RuntimePorts } from './ports.ts';
import { askPatiently } from './requests/patience.ts';

/** Whose actuator is meant. */
export interface ForceTarget {
  readonly sensor: number;
  readonly domain: string;
}

/** Told what becomes of an order. */
export type ForceFollower = (outcome: ForceOutcome) => void;

/** A run on its way to its end. */
interface FollowedRun {
  hear(event: RuntimeJobEvent): void;
  stepped(): void;
}

/**
 * A TimeAgent that was switched on by hand goes back to its clock first, and a second command is meant for what the
 * clock says: so an order is given twice where the first has not done it. What a slider gets, it gets at once.
 */
const ATTEMPTS = 2;
/** How far what a slider shows may be from what it was set to: agents round. */
const NEARLY = 0.01;

/** So long an order to stop waits for the agent, and for the disk. */
const STOP_MS = 3_000;

/** Orders of people who sit at the flow: given to the agent as any person's command, and followed to their end. */
export class Forcing {
  readonly #ports: RuntimePorts;
  readonly #lanes: Lanes;
  /** How the newest job of each actuator stands: a run may have begun before its decision is known here. */
  readonly #newest = new Map<string, RuntimeJobEvent>();
  readonly #runs = new Map<string, FollowedRun>();
  readonly #cuts = new Map<string, Cut>();

  constructor(ports: RuntimePorts, lanes: Lanes) {
    this.#ports = ports;
    this.#lanes = lanes;
  }

  /** Sees every event of the garden. */
  follow(event: RuntimeEvent): void {
    if (event.kind === 'job') {
      this.#newest.set(ownerOf(event.sensor, event.domain), event);
      this.#runs.get(event.job)?.hear(event);
    } else if (event.kind === 'decision') {
      const owner = ownerOf(event.sensor, event.domain);
      if (event.cut === undefined) this.#cuts.delete(owner);
      else this.#cuts.set(owner, event.cut);
    } else if (event.kind === 'agent' && event.change === 'removed') {
      this.#forget((owner) => owner === ownerOf(event.sensor, event.domain));
    } else if (event.kind === 'removed') this.#forget((owner) => owner.startsWith(`${event.sensor}/`));
  }

  /** A step of a job has been taken: a run that was announced has its actuator on now. */
  stepped(job: string): void {
    this.#runs.get(job)?.stepped();
  }

  /**
   * Resolves when the order is carried out, or its run has a place in the queue of its supply; `told` hears of that and
   * of the end. Rejects with a RipeError that says why nothing was done.
   */
  async force(target: ForceTarget, order: ForceOrder, told: ForceFollower): Promise<void> {
    const lane = this.#lanes.find(target.sensor, target.domain);
    if (lane === undefined) throw new RipeError('RIPE_AGENT_UNKNOWN', { ...target });
    if (order.action === 'stop') return this.#stop(lane, told);
    if (lane.agent.parked !== null) throw this.#refusal(lane, lane.agent.parked);
    const { decorator } = await lane.render(NOBODY);
    const payload = payloadOf(order, target.domain, decorator);
    if (order.action === 'run') await this.#run(lane, payload, told);
    else await this.#hold(lane, payload, told);
  }

  async #run(lane: AgentLane, payload: number, told: ForceFollower): Promise<void> {
    const before = lane.agent.job?.id;
    for (let attempt = 0; attempt < ATTEMPTS && !this.#isCut(lane); attempt += 1) {
      await this.#ask(lane, payload);
      const { job } = lane.agent;
      if (job !== null && job.id !== before) return this.#followRun(lane, job.id, told);
    }
    throw this.#refusal(lane);
  }

  async #hold(lane: AgentLane, payload: number, told: ForceFollower): Promise<void> {
    const before = lane.agent.value;
    await this.#ask(lane, payload);
    const { decorator } = await lane.render(NOBODY);
    const isThere = lane.agent.value !== before || isSetTo(decorator, payload / 1000);
    if (this.#isCut(lane) || !isThere) throw this.#refusal(lane);
    told(this.#outcome(lane, 'held'));
  }

  /** Off, whatever the agent says: what its code does not end, RIPE does. */
  async #stop(lane: AgentLane, told: ForceFollower): Promise<void> {
    const isOff = () => lane.agent.job === null && lane.agent.value === lane.neutral();
    const payload = stopPayload(lane, (await lane.render(NOBODY)).decorator);
    for (let attempt = 0; payload !== null && attempt < ATTEMPTS && !isOff(); attempt += 1) {
      const asked = this.#ask(lane, payload).catch((error: unknown) =>
        this.#ports.log.warn(`${lane.name}: ${error}`),
      );
      // What the agent says may wait for the disk; that it is off must not.
      await this.#ports.within(asked, STOP_MS).catch(() => undefined);
    }
    if (!isOff()) {
      lane.disarm('stopped by hand');
      await this.#ports.store.commit();
    }
    told(this.#outcome(lane, 'stopped'));
  }

  #ask(lane: AgentLane, payload: number): Promise<void> {
    const at = this.#ports.clock.now();
    this.#cuts.delete(ownerOf(lane.twin.id, lane.agent.domain));
    return askPatiently(this.#ports, lane, { type: 'forced', at, payload }, NOBODY);
  }

  /** Resolves with the first that is known of the run. */
  #followRun(lane: AgentLane, job: string, told: ForceFollower): Promise<void> {
    return new Promise((resolve, reject) => {
      let isTold = false;
      let begun: RuntimeJobEvent | null = null;
      const tell = (event: RuntimeJobEvent) => {
        isTold = true;
        told(this.#ofJob(lane, event));
        resolve();
      };
      const run: FollowedRun = {
        hear: (event) => {
          if (isEnd(event)) this.#runs.delete(job);
          if (event.event === 'refused' && !isTold) reject(this.#refusal(lane, event.reason ?? 'refused'));
          else if (event.event === 'started' || event.event === 'resumed') begun = event;
          else tell(event);
        },
        stepped: () => {
          if (begun !== null) tell(begun);
          begun = null;
        },
      };
      this.#runs.set(job, run);
      const newest = this.#newest.get(ownerOf(lane.twin.id, lane.agent.domain));
      if (newest?.job !== job) return;
      run.hear(newest);
      if (lane.agent.value !== lane.neutral()) run.stepped();
    });
  }

  #ofJob(lane: AgentLane, event: RuntimeJobEvent): ForceOutcome {
    const { job, startedAt, endsAt, reason = null } = event;
    const outcome = event.event === 'resumed' ? 'started' : event.event;
    return { ...this.#outcome(lane, outcome), job, startedAt, endsAt, reason };
  }

  #outcome(lane: AgentLane, outcome: ForceOutcome['outcome']): ForceOutcome {
    const { twin, agent } = lane;
    const { domain, agentName, value } = agent;
    return {
      outcome,
      sensor: twin.id,
      name: twin.name,
      domain,
      agentName,
      value,
      at: this.#ports.clock.now(),
      job: null,
      startedAt: null,
      endsAt: null,
      reason: lane.reason(NOBODY.locale),
    };
  }

  #isCut(lane: AgentLane): boolean {
    return this.#cutOf(lane)?.grantedMs === 0;
  }

  #cutOf(lane: AgentLane): Cut | undefined {
    return this.#cuts.get(ownerOf(lane.twin.id, lane.agent.domain));
  }

  #refusal(lane: AgentLane, why?: string): RipeError {
    const cut = this.#cutOf(lane);
    const limit = cut === undefined ? '' : ` ${cutText(cut, NOBODY.locale)}`;
    return new RipeError('RIPE_FORCE_REFUSED', {
      domain: lane.agent.domain,
      reason: why ?? `${lane.reason(NOBODY.locale) ?? 'it did not answer'}${limit}`,
    });
  }

  #forget(isGone: (owner: string) => boolean): void {
    for (const known of [this.#newest, this.#cuts]) {
      for (const owner of [...known.keys()]) if (isGone(owner)) known.delete(owner);
    }
  }
}

function isEnd({ event }: RuntimeJobEvent): boolean {
  return event === 'finished' || event === 'cancelled' || event === 'refused';
}

function isSetTo(decorator: Decorator, value: number): boolean {
  if (!('Slider' in decorator)) return false;
  const [lower, upper, shown] = decorator.Slider;
  return Math.abs(shown - value) <= (upper - lower) * NEARLY;
}

/** What ends it by the agent's own means, also for as long as it would have run; null: it has none. */
function stopPayload(lane: AgentLane, decorator: Decorator): number | null {
  if ('Slider' in decorator) return Math.round(decorator.Slider[0] * 1000);
  if (!('TimePane' in decorator)) return null;
  return -runSeconds(lane.host()?.settings ?? {}, lane.agent.settings);
}
