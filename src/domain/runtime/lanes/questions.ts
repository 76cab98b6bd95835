import type { AgentEvent } from '../../agent/agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView, Awaitable } from '../../agent/agent-host.ts';
import type { AgentUi } from '../../agent/agent-ui.ts';
import { textOf } from '../../errors.ts';
import type { AgentLane } from './agent-lane.ts';
import { inOrder } from './ask-queue.ts';
import type { Asker } from './asker.ts';
import type { Enactor } from './enactor.ts';
import type { LaneServices } from './lane-services.ts';
import { LOCKED_OUT, type Overseer } from './overseer.ts';

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

/** What agents ask their agent types, each of them one event after the other; what is answered is carried out. */
export class Questions {
  readonly #enactor: Enactor;
  readonly #overseer: Overseer;
  readonly #services: LaneServices;

  constructor(enactor: Enactor, overseer: Overseer, services: LaneServices) {
    this.#enactor = enactor;
    this.#overseer = overseer;
    this.#services = services;
  }

  /**
   * A promise resolves when the decision is on disk. The next event does not wait for that: an order to stop must not wait
   * behind one that the disk does not answer to.
   */
  handle(lane: AgentLane, event: AgentEvent, asker: Asker): Promise<void> | undefined {
    const enacted = inOrder(lane, () => this.#ask(lane, event, asker));
    return enacted instanceof Promise ? enacted.then(({ stored }) => stored) : enacted.stored;
  }

  /** How the agent looks: at once, where its code answers at once. */
  render(lane: AgentLane, asker: Asker): Awaitable<AgentUi> {
    const { agent } = lane;
    const host = lane.host();
    if (host === undefined) {
      const rendered = PARKED[asker.locale](agent.agentName);
      return { decorator: { Text: null }, state: 'Disabled', rendered };
    }
    try {
      const ui = host.render(this.#view(lane, this.#services.clock.now(), asker), agent.because);
      if (!(ui instanceof Promise)) return shown(lane, ui, asker);
      return ui.then(
        (drawn) => shown(lane, drawn, asker),
        (error) => this.#undrawn(lane, error),
      );
    } catch (error) {
      return this.#undrawn(lane, error);
    }
  }

  #undrawn({ name }: AgentLane, error: unknown): AgentUi {
    this.#services.log.error(`${name}: cannot draw itself: ${textOf(error)}`);
    return { decorator: { Text: null }, state: 'Error', rendered: textOf(error) };
  }

  #ask(lane: AgentLane, event: AgentEvent, asker: Asker): Awaitable<Enacted> {
    const { agent, isRemoved } = lane;
    const host = lane.host();
    if (host === undefined || isRemoved || agent.parked !== null) return NOTHING;
    if (host.condemned) return NOTHING;
    if (event.type === 'forced' || event.type === 'settings') this.#overseer.release(lane);
    if (agent.guard.lockout !== undefined) return NOTHING;
    try {
      const answer = host.decide(event, this.#view(lane, event.at, asker));
      if (!(answer instanceof Promise)) return this.#tryToApply(lane, event, answer, host);
      return answer.then(
        (decision) => this.#tryToApply(lane, event, decision, host),
        (error) => this.#fail(lane, event, error),
      );
    } catch (error) {
      return this.#fail(lane, event, error);
    }
  }

  /** A decision that cannot be carried out is the fault of the agent type, like one that it did not make. */
  #tryToApply(lane: AgentLane, event: AgentEvent, decision: AnyDecision, host: AgentHost): Enacted {
    try {
      // What comes late from code that has gone meanwhile, or was stopped, is nobody's decision any more.
      if (lane.isRemoved || lane.host() !== host || host.condemned) return NOTHING;
      const stored = this.#enactor.enact(lane, event, decision, host);
      lane.succeeded();
      return { stored };
    } catch (error) {
      return this.#fail(lane, event, error);
    }
  }

  #fail(lane: AgentLane, event: AgentEvent, error: unknown): Enacted {
    const { agent, guard, name } = lane;
    this.#services.log.error(`${name}: ${agent.agentName} failed on ${event.type}: ${textOf(error)}`);
    agent.because = { code: 'failed', params: { reason: textOf(error) } };
    agent.decidedAt = event.at;
    if (guard.failed(event.at, textOf(error))) this.#overseer.lockOut(lane, event.at);
    return NOTHING;
  }

  #view({ agent, twin }: AgentLane, now: number, { timeZone, locale }: Asker): AnyView {
    const { state, settings, value, job } = agent;
    return { state, settings, value, job, reading: twin.reading, now, timeZone, locale };
  }
}

function shown({ agent }: AgentLane, ui: AgentUi, { locale }: Asker): AgentUi {
  const { lockout } = agent.guard;
  return lockout === undefined ? ui : { ...ui, state: 'Error', rendered: LOCKED_OUT[locale](lockout) };
}
