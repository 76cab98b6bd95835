import type { AgentEvent, Because, Cut } from '../../agent/agent-contract.ts';
import type { AgentTwin } from '../../sensor/twin.ts';
import type { AgentLane } from './agent-lane.ts';
import type { LaneServices } from './lane-services.ts';

/** What a decision may be made on: an agent's event, or a person's order past the agent. */
export interface Recordable {
  readonly type: AgentEvent['type'] | 'order';
  readonly at: number;
}

interface Decided {
  readonly because: Because;
  /** The id of what it started. */
  readonly job: string | null;
  readonly cut: Cut | null;
  /** It has done or changed something. */
  readonly isWorth: boolean;
}

/** What RIPE itself does about an agent, and the job that it concerns. */
export type Intervention = Pick<Decided, 'because'> & Partial<Pick<Decided, 'job' | 'cut'>>;

/** Agent types have a few dozen; what one makes up each time anew is not kept. */
const MOST_REASONS = 1_000;

/** Why agents do what they do: shown in their twins, and on record. */
export class DecisionLog {
  readonly #services: LaneServices;
  /** What a hard limit has taken from the last decision, where it has. */
  readonly #lastCuts = new WeakMap<AgentLane, Cut>();

  /** Reasons without parameters, by their code. */
  readonly #plain = new Map<string, Because>();

  constructor(services: LaneServices) {
    this.#services = services;
  }

  /** A skip is worth a row when its cause is another than last time, or a person asked; else every reading would write one. */
  decided(lane: AgentLane, { type, at }: Recordable, { because, job, cut, isWorth }: Decided): void {
    const { agent, isResumed } = lane;
    const isNewCause = agent.because?.code !== because.code || !isSameCut(cut, this.#lastCuts.get(lane));
    // That RIPE has started is no cause worth asking each agent about.
    const isStart = isResumed && agent.because === null && type === 'started' && cut === null;
    this.#show(agent, because, at);
    if (cut === null) this.#lastCuts.delete(lane);
    else this.#lastCuts.set(lane, cut);
    if (isWorth || type === 'forced' || (isNewCause && !isStart))
      this.#write(lane, { event: type, at, because, job, cut });
  }

  /** RIPE itself has decided. */
  intervened(lane: AgentLane, at: number, { because, job = null, cut = null }: Intervention): void {
    this.#show(lane.agent, because, at);
    this.#write(lane, { event: 'limit', at, because, job, cut });
  }

  #show(agent: AgentTwin, because: Because, at: number): void {
    agent.because = because.params === undefined ? this.#shared(because) : because;
    agent.decidedAt = at;
  }

  /** One object for all agents that do something for the same reason. */
  #shared(because: Because): Because {
    const known = this.#plain.get(because.code);
    if (known !== undefined) return known;
    if (this.#plain.size < MOST_REASONS) this.#plain.set(because.code, because);
    return because;
  }

  #write(
    { twin, agent }: AgentLane,
    { cut, ...what }: Omit<Decided, 'isWorth'> & { event: string; at: number },
  ): void {
    const { domain, agentName, version, value } = agent;
    const sensor = twin.id;
    this.#services.decided({
      ...what,
      sensor,
      domain,
      agentName,
      version,
      value,
      ...(cut === null ? {} : { cut }),
    });
  }
}

function isSameCut(cut: Cut | null, last: Cut | undefined): boolean {
  return cut?.limit === last?.limit && (cut?.grantedMs === 0) === (last?.grantedMs === 0);
}
