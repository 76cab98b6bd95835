import type { AgentEvent } from '../agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView, Awaitable } from '../agent-host.ts';
import type { AgentUi } from '../agent-ui.ts';
import { textOf } from '../errors.ts';
import type { AgentLane } from './agent-lane.ts';
import { AskQueue } from './ask-queue.ts';
import type { Asker } from './asker.ts';
import type { Enactor } from './enactor.ts';
import type { LaneServices } from './lane-services.ts';
import { LOCKED_OUT } from './overseer.ts';

const PARKED = {
  en: (name: string) => `${name} is not loaded`,
  de: (name: string) => `${name} ist nicht geladen`,
};

/** A decision that is carried out as far as that does not wait for the disk. */
interface Enacted {
  /** Resolves when it is on disk; undefined where there is nothing to store. */
  readonly stored: Promise<void> | undefined;
}

const NOTHING: Enacted = { stored: undefined };

/** What an agent asks its agent type, one event after the other; what is answered is carried out. */
export class Questions {
  readonly #lane: AgentLane;
  readonly #enactor: Enactor;
  readonly #services: LaneServices;
  readonly #asks = new AskQueue();

  constructor(lane: AgentLane, enactor: Enactor, services: LaneServices) {
    this.#lane = lane;
    this.#enactor = enactor;
    this.#services = services;
  }

  /**
   * A promise resolves when the decision is on disk. The next event does not wait for that: an order to stop must not wait
   * behind one that the disk does not answer to.
   */
  handle(event: AgentEvent, asker: Asker): Promise<void> | undefined {
    const enacted = this.#asks.run(() => this.#ask(event, asker));
    return enacted instanceof Promise ? enacted.then(({ stored }) => stored) : enacted.stored;
  }

  /** Does something in its turn: events that come meanwhile wait. */
  inTurn<Result>(work: () => Awaitable<Result>): Awaitable<Result> {
    return this.#asks.run(work);
  }

  /** How the agent looks: at once, where its code answers at once. */
  render(asker: Asker): Awaitable<AgentUi> {
    const { agent } = this.#lane;
    const host = this.#lane.host();
    if (host === undefined) {
      const rendered = PARKED[asker.locale](agent.agentName);
      return { decorator: { Text: null }, state: 'Disabled', rendered };
    }
    try {
      const ui = host.render(this.#view(this.#services.clock.now(), asker), agent.because);
      if (!(ui instanceof Promise)) return this.#shown(ui, asker);
      return ui.then(
        (drawn) => this.#shown(drawn, asker),
        (error) => this.#undrawn(error),
      );
    } catch (error) {
      return this.#undrawn(error);
    }
  }

  #shown(ui: AgentUi, { locale }: Asker): AgentUi {
    const { lockout } = this.#lane.guard;
    return lockout === null ? ui : { ...ui, state: 'Error', rendered: LOCKED_OUT[locale](lockout) };
  }

  #undrawn(error: unknown): AgentUi {
    this.#services.log.error(`${this.#lane.name}: cannot draw itself: ${textOf(error)}`);
    return { decorator: { Text: null }, state: 'Error', rendered: textOf(error) };
  }

  #ask(event: AgentEvent, asker: Asker): Awaitable<Enacted> {
    const { agent, guard, isRemoved, overseer } = this.#lane;
    const host = this.#lane.host();
    if (host === undefined || isRemoved || agent.parked !== null) return NOTHING;
    if (host.condemned) return NOTHING;
    if (event.type === 'forced' || event.type === 'settings') overseer.release();
    if (guard.lockout !== null) return NOTHING;
    try {
      const answer = host.decide(event, this.#view(event.at, asker));
      if (!(answer instanceof Promise)) return this.#tryToApply(event, answer, host);
      return answer.then(
        (decision) => this.#tryToApply(event, decision, host),
        (error) => this.#fail(event, error),
      );
    } catch (error) {
      return this.#fail(event, error);
    }
  }

  /** A decision that cannot be carried out is the fault of the agent type, like one that it did not make. */
  #tryToApply(event: AgentEvent, decision: AnyDecision, host: AgentHost): Enacted {
    try {
      // What comes late from code that has gone meanwhile, or was stopped, is nobody's decision any more.
      if (this.#lane.isRemoved || this.#lane.host() !== host || host.condemned) return NOTHING;
      const stored = this.#enactor.enact(event, decision, host);
      this.#lane.guard.succeeded();
      return { stored };
    } catch (error) {
      return this.#fail(event, error);
    }
  }

  #fail(event: AgentEvent, error: unknown): Enacted {
    const { agent, guard, name, overseer } = this.#lane;
    this.#services.log.error(`${name}: ${agent.agentName} failed on ${event.type}: ${textOf(error)}`);
    agent.because = { code: 'failed', params: { reason: textOf(error) } };
    agent.decidedAt = event.at;
    if (guard.failed(event.at, textOf(error))) overseer.lockOut(event.at);
    return NOTHING;
  }

  #view(now: number, { timeZone, locale }: Asker): AnyView {
    const { agent, twin } = this.#lane;
    const { state, settings, value, job } = agent;
    return { state, settings, value, job, reading: twin.reading, now, timeZone, locale };
  }
}
