import type { AnyDecision } from '../agent/agent-host.ts';
import type { Clock, Timetable, TimetableFactory } from '../time/clock.ts';
import { type Asked, parseAnswer, type WireAnswer } from './answer.ts';
import { because } from './explanations.ts';

export interface Question extends Asked {
  /** The agent type that asks. */
  readonly agentName: string;
  readonly answerWithinMs: number;
  /** It has been answered, or its time is over. */
  answered(inTime: boolean): void;
}

interface Open {
  readonly question: Question;
  resolve(decision: AnyDecision): void;
  reject(error: unknown): void;
}

/** What agents made of wires have asked and nobody has answered yet. Each is answered once, or skipped when its time is over. */
export class Questions {
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #deadlines: Timetable<string>;
  readonly #open = new Map<string, Open>();

  constructor(ports: { clock: Clock; timetable: TimetableFactory; newId: () => string }) {
    this.#clock = ports.clock;
    this.#newId = ports.newId;
    this.#deadlines = ports.timetable((id: string) => this.#pass(id));
  }

  get count(): number {
    return this.#open.size;
  }

  /** `send` puts the question on the wires, under the id by which its answer is known. */
  ask(question: Question, send: (id: string) => void): Promise<AnyDecision> {
    const id = this.#newId();
    const answer = new Promise<AnyDecision>((resolve, reject) => {
      this.#open.set(id, { question, resolve, reject });
    });
    this.#deadlines.set(id, this.#clock.now() + question.answerWithinMs);
    send(id);
    return answer;
  }

  /** The decision that was made of the answer; undefined where nobody waits for it any more. */
  answer(id: string, answer: WireAnswer): AnyDecision | undefined {
    const open = this.#take(id);
    if (open === undefined) return undefined;
    open.question.answered(true);
    try {
      const decision = parseAnswer(answer, open.question);
      open.resolve(decision);
      return decision;
    } catch (error) {
      open.reject(error);
      throw error;
    }
  }

  /** Nobody will answer for this agent type any more. */
  skip(agentName: string): void {
    for (const [id, { question }] of this.#open) {
      if (question.agentName === agentName) this.#take(id)?.resolve({ because: because('gone') });
    }
  }

  stop(): void {
    this.#deadlines.stop();
    for (const { question } of [...this.#open.values()]) this.skip(question.agentName);
  }

  #pass(id: string): void {
    const open = this.#take(id);
    if (open === undefined) return;
    open.question.answered(false);
    open.resolve({ because: because('noAnswer', { seconds: open.question.answerWithinMs / 1_000 }) });
  }

  #take(id: string): Open | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    this.#deadlines.delete(id);
    return open;
  }
}
