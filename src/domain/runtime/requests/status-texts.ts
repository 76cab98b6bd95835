import type { AgentUi } from '../../agent/agent-ui.ts';
import type { DataRow } from '../../reading/row.ts';
import { agentBody, dataRowBody } from '../../sensor/status.ts';
import { WrittenJson, wireJson } from '../../wire-json.ts';

export interface DrawnAgent {
  readonly domain: string;
  readonly agentName: string;
  readonly ui: AgentUi;
}

/** What a status says. */
export interface StatusParts {
  readonly row: DataRow;
  readonly agents: readonly DrawnAgent[];
  /** As it stands in the answer. */
  readonly broker: object | string;
}

interface Written {
  readonly parts: StatusParts;
  readonly json: WrittenJson;
}

const MOST = 1_000;

/**
 * Writes statuses as JSON. A client asks many times before anything has changed, and writing costs more than seeing that
 * nothing has: so the last text of each of the sensors that were asked for of late is kept.
 */
export class StatusTexts {
  /** By sensor; the one that was written anew longest ago gives way. */
  readonly #written = new Map<number, Written>();
  readonly #most: number;

  constructor(most = MOST) {
    this.#most = most;
  }

  write(sensor: number, parts: StatusParts): WrittenJson {
    const before = this.#written.get(sensor);
    if (before !== undefined && isSame(before.parts, parts)) return before.json;
    const json = new WrittenJson(wireJson(statusBody(parts)));
    this.#written.delete(sensor);
    this.#written.set(sensor, { parts, json });
    if (this.#written.size > this.#most) this.#written.delete(this.#written.keys().next().value ?? sensor);
    return json;
  }
}

function statusBody({ row, agents, broker }: StatusParts): object {
  return {
    data: dataRowBody(row),
    agents: agents.map(({ domain, agentName, ui }) => agentBody(domain, agentName, ui)),
    broker,
  };
}

/** Whether two values of JSON say the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const names = Object.keys(one) as (keyof typeof one)[];
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}
