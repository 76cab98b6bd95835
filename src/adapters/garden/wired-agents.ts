import { randomUUID } from 'node:crypto';
import type { AgentEvent } from '../../domain/agent/agent-contract.ts';
import type { AnyDecision, AnyView } from '../../domain/agent/agent-host.ts';
import { RipeError } from '../../domain/errors.ts';
import type { WireAnswer } from '../../domain/wires/answer.ts';
import { Questions } from '../../domain/wires/questions.ts';
import type { WiredType } from '../../domain/wires/wired-type.ts';
import type { PluginDesk } from '../agents/plugin-desk.ts';
import { createWiresHost } from '../agents/wires-host.ts';
import { createSteadyClock, systemClock } from '../clock/system-clock.ts';
import { createTimetables } from '../clock/timetable.ts';

/** What an agent made of wires is asked: copies, which whoever holds the wires may change. */
export interface WireQuestion {
  readonly id: string;
  readonly agentName: string;
  readonly event: AgentEvent;
  readonly view: AnyView;
}

/** The node at the beginning of the wires. */
export interface WireEntrance {
  /** Its id: the same before and after a deploy. */
  readonly node: string;
  send(question: WireQuestion): void;
  /** A question has been answered, or its time is over. */
  answered(inTime: boolean): void;
}

interface Claim {
  readonly entrance: WireEntrance;
  readonly version: string;
  /** Its node is being deployed anew, or removed: which of the two shows when all nodes are made. */
  isLeaving: boolean;
  /** Asked meanwhile. */
  readonly held: WireQuestion[];
}

/**
 * The agent types made of wires in one garden: where a `ripe-agent-in` and its `ripe-agent-out` find each other. A type
 * outlives the deploy of its node, so that no agent rests, and no job ends, because a dialog was changed.
 */
export class WiredAgents {
  readonly #plugins: PluginDesk;
  readonly #questions: Questions;
  readonly #claims = new Map<string, Claim>();

  constructor(plugins: PluginDesk) {
    const clock = createSteadyClock();
    this.#plugins = plugins;
    this.#questions = new Questions({ clock, timetable: createTimetables(clock), newId: randomUUID });
  }

  /** Puts an agent type in service; throws where another node has that name. */
  claim(type: WiredType, entrance: WireEntrance): void {
    const former = this.#claims.get(type.name);
    if (former !== undefined && former.entrance.node !== entrance.node && !former.isLeaving)
      throw new RipeError('RIPE_AGENT_TYPE_TAKEN', { name: type.name });
    const isNew = former?.version !== type.version;
    const host = createWiresHost(type, systemClock, (event, view) => this.#ask(type, event, view));
    if (isNew) this.#plugins.requireName(type.name, host);
    // First: an agent that was parked asks as soon as its type is in service.
    this.#claims.set(type.name, { entrance, version: type.version, isLeaving: false, held: [] });
    for (const question of former?.held ?? []) entrance.send(question);
    if (isNew) this.#plugins.register(type.name, host);
  }

  /** The node of an entrance closes. Its types stay until `release`, or until somebody claims them. */
  leave(node: string): void {
    for (const claim of this.#claims.values()) {
      if (claim.entrance.node === node) claim.isLeaving = true;
    }
  }

  /** All nodes of a deploy are made: what this one has not claimed again is gone, and its agents rest. */
  release(node: string): void {
    for (const [name, claim] of this.#claims) {
      if (!claim.isLeaving || claim.entrance.node !== node) continue;
      this.#claims.delete(name);
      this.#questions.skip(name);
      this.#plugins.withdraw(name, 'wires');
    }
  }

  /** The decision that was made of an answer; undefined: it is late, or the second one. */
  answer(id: string, answer: WireAnswer): AnyDecision | undefined {
    return this.#questions.answer(id, answer);
  }

  stop(): void {
    this.#claims.clear();
    this.#questions.stop();
  }

  #ask(type: WiredType, event: AgentEvent, view: AnyView): Promise<AnyDecision> {
    const { name: agentName, neutral, answerWithinMs } = type;
    const answered = (inTime: boolean) => this.#claims.get(agentName)?.entrance.answered(inTime);
    return this.#questions.ask({ agentName, view, neutral, answerWithinMs, answered }, (id) => {
      this.#send({ id, agentName, event: structuredClone(event), view: structuredClone(view) });
    });
  }

  #send(question: WireQuestion): void {
    const claim = this.#claims.get(question.agentName);
    if (claim?.isLeaving) claim.held.push(question);
    else claim?.entrance.send(question);
  }
}
