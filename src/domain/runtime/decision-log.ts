import type { AgentEvent, Because, Cut } from '../agent-contract.ts';
import type { AgentTwin, Twin } from '../twin.ts';
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

/** Why one agent does what it does: shown in its twin, and on record. */
export class DecisionLog {
  readonly #twin: Twin;
  readonly #agent: AgentTwin;
  readonly #services: LaneServices;
  #lastCut: Cut | null = null;
  /** The agent goes on from an earlier run. */
  #isResumed = false;

  constructor(twin: Twin, agent: AgentTwin, services: LaneServices) {
    this.#twin = twin;
    this.#agent = agent;
    this.#services = services;
  }

  /** That RIPE has started is no cause worth asking each agent about. */
  resume(): void {
    this.#isResumed = true;
  }

  /** A skip is worth a row when its cause is another than last time; else every reading would write one. */
  decided({ type, at }: Recordable, { because, job, cut, isWorth }: Decided): void {
    const isNewCause = this.#agent.because?.code !== because.code || !isSameCut(cut, this.#lastCut);
    const isStart = this.#isResumed && this.#agent.because === null && type === 'started' && cut === null;
    this.#show(because, at);
    this.#lastCut = cut;
    if (isWorth || (isNewCause && !isStart)) this.#write({ event: type, at, because, job, cut });
  }

  /** RIPE itself has decided. */
  intervened(because: Because, at: number, { job = null, cut = null }: Partial<Decided> = {}): void {
    this.#show(because, at);
    this.#write({ event: 'limit', at, because, job, cut });
  }

  #show(because: Because, at: number): void {
    this.#agent.because = because;
    this.#agent.decidedAt = at;
  }

  #write({ cut, ...what }: Omit<Decided, 'isWorth'> & { event: string; at: number }): void {
    const { domain, agentName, version, value } = this.#agent;
    const sensor = this.#twin.id;
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

function isSameCut(cut: Cut | null, last: Cut | null): boolean {
  return cut?.limit === last?.limit && (cut?.grantedMs === 0) === (last?.grantedMs === 0);
}
