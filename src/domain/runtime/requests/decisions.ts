import type { AgentHost } from '../../agent-host.ts';
import { formatDate } from '../../dates.ts';
import { fillIn } from '../../errors.ts';
import type { DecisionRecord } from '../../store.ts';
import type { Locale } from '../../zones.ts';
import { cutText, INTERVENTIONS } from '../interventions.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** More than anybody reads; who gets so many asks again until the time of the last one. */
const MOST_DECISIONS = 1_000;

/** Why a sensor's agents did, or did not do, something. */
export function decisionOperations(workshop: Workshop): OperationTable {
  const { store, agentTypes } = workshop;
  return {
    decisions: async (request) => {
      const twin = workshop.twinOf(request);
      if (request.range === undefined) return [];
      const decisions = await store.decisions(twin.id, request.range, MOST_DECISIONS);
      return decisions.map((each) => decisionBody(each, agentTypes.get(each.agentName), request.locale));
    },
  };
}

function decisionBody(decision: DecisionRecord, host: AgentHost | undefined, locale: Locale): object {
  const { at, domain, agentName, version, event, because, value, job, cut } = decision;
  const text = textOf(because, host, locale);
  return {
    at: formatDate(at),
    domain,
    agent_name: agentName,
    version,
    event,
    because: { code: because.code, params: because.params ?? {} },
    text: cut === undefined ? text : `${text} ${cutText(cut, locale)}`,
    value,
    job,
    cut: cut === undefined ? null : { limit: cut.limit, asked_ms: cut.askedMs, granted_ms: cut.grantedMs },
  };
}

/** Codes come from agent types: one that has gone, or has forgotten an old code, leaves the code itself. */
function textOf(
  { code, params = {} }: DecisionRecord['because'],
  host: AgentHost | undefined,
  locale: Locale,
) {
  const texts = { ...INTERVENTIONS[locale], ...host?.explanations[locale] };
  const template = Object.hasOwn(texts, code) ? texts[code] : undefined;
  return template === undefined ? code : fillIn(template, params);
}
