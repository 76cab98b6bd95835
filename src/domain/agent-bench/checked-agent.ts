import { parseDecision, parseDescription, parseUi } from '../agent/agent-check.ts';
import type { AgentEvent, AgentType, AgentView, Because, Decision } from '../agent/agent-contract.ts';
import type { AgentUi } from '../agent/agent-ui.ts';
import { fieldError, fillIn, RipeError } from '../errors.ts';
import { parsePlan } from '../job/plan.ts';
import type { Locale } from '../time/zones.ts';
import { jsonFault } from './json-fault.ts';

const LARGEST_RESULT = 256 * 1024;
const LOCALES: readonly Locale[] = ['en', 'de'];

/**
 * An agent type whose answers are checked as RIPE checks them; what RIPE would bear in silence, or a person would stumble
 * over later, is an error here. What it is given is frozen: to change it is an error, too.
 */
export class CheckedAgent<State, Settings> {
  readonly type: AgentType<State, Settings>;

  constructor(type: AgentType<State, Settings>) {
    this.type = type;
    this.#checked('description', () => parseDescription(type));
  }

  start(settings: Settings): State {
    return this.#checked('start', () => plain(this.type.start(freeze(settings))));
  }

  decide(event: AgentEvent, view: AgentView<State, Settings>): Decision<State> {
    return this.#checked(`decide on ${event.type}`, () => {
      const decision = plain(this.type.decide(freeze(event), freeze(view)));
      parseDecision(decision);
      if (decision.job !== undefined && decision.job !== 'cancel') parsePlan(decision.job, this.type.neutral);
      for (const locale of LOCALES) this.explain(decision.because, locale);
      return decision;
    });
  }

  render(view: AgentView<State, Settings>): AgentUi {
    return this.#checked('render', () => {
      const ui = plain(this.type.render(freeze(view)));
      parseUi(ui);
      if (/\b(?:NaN|undefined|null)\b/.test(ui.rendered)) throw fieldError('rendered', `is "${ui.rendered}"`);
      return ui;
    });
  }

  migrate(state: unknown, fromVersion: string): State {
    const { type } = this;
    if (type.migrate === undefined) return state as State;
    return this.#checked('migrate', () => plain(type.migrate?.(freeze(state), fromVersion) as State));
  }

  /** The text of a cause; throws where there is none in this language, or it names a figure that is not given. */
  explain({ code, params = {} }: Because, locale: Locale): string {
    const { [code]: template } = this.type.explanations[locale];
    if (template === undefined) throw fieldError(`explanations.${locale}.${code}`, 'is missing');
    for (const [, name = ''] of template.matchAll(/\{(\w+)\}/g)) {
      if (!Object.hasOwn(params, name)) throw fieldError(`because.params.${name}`, `is missing for ${code}`);
    }
    return fillIn(template, params);
  }

  #checked<Answer>(what: string, ask: () => Answer): Answer {
    try {
      return ask();
    } catch (error) {
      const reason = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      throw new RipeError('RIPE_PLUGIN_INVALID', { plugin: this.type.name, reason }, error);
    }
  }
}

function plain<Answer>(answer: Answer): Answer {
  if (answer instanceof Promise)
    throw new Error('returned a promise: answer at once, and use wakeAt to wait');
  const fault = jsonFault(answer);
  if (fault !== null) throw new Error(fault);
  if (JSON.stringify(answer).length > LARGEST_RESULT)
    throw new Error(`returned more than ${LARGEST_RESULT} characters`);
  return answer;
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
