import type { AgentUi, Decorator, UiState } from '../agent/agent-ui.ts';
import { METRICS } from '../reading/reading.ts';
import type { DataRow } from '../reading/row.ts';
import type { CommandRecord } from '../store.ts';
import { formatDate, formatDateWithoutZone } from '../time/dates.ts';
import { double } from '../wire-json.ts';

const NOTHING = Object.fromEntries(METRICS.map((metric) => [metric, null])) as Omit<DataRow, 'timestamp'>;

/** DataRow of protocol §4.2. */
export function dataRowBody(row: DataRow): object {
  const body: Record<string, unknown> = { timestamp: formatDate(row.timestamp) };
  for (const metric of METRICS) body[metric] = row[metric];
  return body;
}

/** For a sensor without data all values are null, but the timestamp must be there (protocol §3, status). */
export function emptyRow(now: number): DataRow {
  return { ...NOTHING, timestamp: now };
}

/** Agent of protocol §4.3. */
export function agentBody(domain: string, agentName: string, ui: AgentUi): object {
  const shown = { decorator: decoratorBody(ui.decorator), state: stateBody(ui.state), rendered: ui.rendered };
  return { domain, agent_name: agentName, ui: shown };
}

/** CommandRow of protocol §4.2. */
export function commandBody(command: CommandRecord): object {
  return {
    domain: command.domain,
    command: command.value,
    created_at: formatDateWithoutZone(command.at),
  };
}

function decoratorBody(decorator: Decorator): object {
  if (!('Slider' in decorator)) return decorator;
  return { Slider: decorator.Slider.map(double) };
}

function stateBody(state: UiState): unknown {
  if (typeof state === 'string') return state;
  return Object.fromEntries(Object.entries(state).map(([name, end]) => [name, formatDate(end)]));
}
