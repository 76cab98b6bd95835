import type { AgentEvent } from '../../src/domain/agent/agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView } from '../../src/domain/agent/agent-host.ts';
import { limitsOf } from '../../src/domain/job/limits.ts';
import type { Json } from '../../src/domain/json.ts';

const because = { code: 'told' };

/** An agent type that decides what the test says, and remembers what it was asked. */
export class FakeAgent implements AgentHost {
  readonly source = 'folder' as const;
  readonly settings: AgentHost['settings'] = {};
  readonly explanations = { en: {}, de: {} };
  readonly asked: { event: AgentEvent; view: AnyView }[] = [];
  readonly name: string;
  version = '1.0.0';
  neutral = 0;
  limits = limitsOf({});
  isStopped = false;
  /** The answer to the next events; what it leaves out stays as it is. */
  answer: (event: AgentEvent, view: AnyView) => Partial<AnyDecision> | Promise<Partial<AnyDecision>> =
    () => ({});
  migrate: (state: Json, from: string) => Json | Promise<Json> = (state) => state;

  constructor(name: string, parts: Partial<FakeAgent> = {}) {
    this.name = name;
    Object.assign(this, parts);
  }

  /** The types of the events that it was asked about. */
  get events(): string[] {
    return this.asked.map(({ event }) => event.type);
  }

  start(): Json {
    return {};
  }

  decide(event: AgentEvent, view: AnyView): AnyDecision | Promise<AnyDecision> {
    this.asked.push({ event, view: structuredClone(view) });
    const answer = this.answer(event, view);
    if (answer instanceof Promise) return answer.then((decision) => ({ because, ...decision }));
    return { because, ...answer };
  }

  render() {
    return { decorator: { Text: null }, state: 'Ready' as const, rendered: this.name };
  }

  stop(): void {
    this.isStopped = true;
  }
}

/** Decides on commands only: a positive payload runs for so many seconds, 0 ends the run, a negative one is held. */
export function commanded(name = 'Commanded', parts: Partial<FakeAgent> = {}): FakeAgent {
  return new FakeAgent(name, {
    answer(event) {
      if (event.type !== 'forced') return {};
      if (event.payload === 0) return { job: 'cancel' };
      if (event.payload < 0) return { hold: -event.payload };
      return { job: { steps: [{ set: 1 }, { wait: event.payload * 1000 }] } };
    },
    ...parts,
  });
}
