import type { AgentTypes } from '../../agent/agent-host.ts';
import { dataRowBody } from '../../sensor/status.ts';
import { formatDate } from '../../time/dates.ts';
import type { Locale } from '../../time/zones.ts';
import type { RuntimeEvent } from '../events.ts';
import { NOBODY } from '../lanes/asker.ts';
import { agentCommandBody } from './commands.ts';
import { decisionBody } from './decisions.ts';
import { fullReply } from './reply.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** What happens to a sensor, as it happens: whoever has the connection keeps it open. */
export function eventOperations(workshop: Workshop): OperationTable {
  return {
    events: (request) => fullReply({ body: null, streamOf: workshop.twinOf(request).id }),
  };
}

/** An event as REST shows it: dates and names as in all other answers. */
export function eventBody(event: RuntimeEvent, agentTypes: AgentTypes, locale: Locale): object {
  switch (event.kind) {
    case 'reading': {
      const { extra = {}, offsets = {} } = event.reading;
      return { ...dataRowBody(event.reading), extra, offsets };
    }
    case 'log':
      return { at: formatDate(event.at), text: event.text };
    case 'command':
      return { values: event.values };
    case 'envelope': {
      const { id, epoch, state, at, agents, observed, reason } = event;
      const shown = agents.map(agentCommandBody);
      return { id, epoch, state, state_at: formatDate(at), agents: shown, observed, reason };
    }
    case 'job': {
      const { domain, job, at, startedAt, endsAt, reason = null } = event;
      const times = { started_at: dateOrNull(startedAt), ends_at: dateOrNull(endsAt) };
      return { id: job, domain, event: event.event, at: formatDate(at), ...times, reason };
    }
    case 'agent':
      return { domain: event.domain, agent_name: event.agentName, change: event.change };
    case 'decision':
      return decisionBody(event, agentTypes.get(event.agentName), { ...NOBODY, locale });
    case 'settings':
      return { name: event.name, offsets: event.offsets };
    default:
      return { name: event.name };
  }
}

const dateOrNull = (at: number | null): string | null => (at === null ? null : formatDate(at));
