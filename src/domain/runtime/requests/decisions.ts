import type { AgentHost } from '../../agent/agent-host.ts';
import { newestFirst, pageOf } from '../../paging.ts';
import { nextLink } from '../../rest/next-link.ts';
import type { DecisionRecord } from '../../store.ts';
import { formatDate } from '../../time/dates.ts';
import type { Asker } from '../lanes/asker.ts';
import { cutText } from '../lanes/interventions.ts';
import { becauseBody, becauseText, cutBody } from './because-body.ts';
import { fullReply } from './reply.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** Why a sensor's agents did, or did not do, something. */
export function decisionOperations(workshop: Workshop): OperationTable {
  const { store, agentTypes } = workshop;
  return {
    decisions: async (request) => {
      const twin = workshop.twinOf(request);
      const { range, page } = request;
      if (range === undefined || page === undefined) return [];
      const found = await store.decisions(twin.id, newestFirst(range, page));
      const { items, next } = pageOf(found, page, ({ at }) => at);
      const body = items.map((each) => decisionBody(each, agentTypes.get(each.agentName), request));
      return fullReply({ body, headers: nextLink(request, next) });
    },
  };
}

export function decisionBody(decision: DecisionRecord, host: AgentHost | undefined, asker: Asker): object {
  const { at, domain, agentName, version, event, because, value, job, cut } = decision;
  const text = becauseText(because, host, asker);
  return {
    at: formatDate(at),
    domain,
    agent_name: agentName,
    version,
    event,
    because: becauseBody(because),
    text: cut === undefined ? text : `${text} ${cutText(cut, asker.locale)}`,
    value,
    job,
    cut: cutBody(cut),
  };
}
