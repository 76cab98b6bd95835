import type { Awaitable } from '../../agent/agent-host.ts';
import { FairQueue } from '../../collections/fair-queue.ts';
import { RipeError } from '../../errors.ts';
import type { ApiRequest } from '../../rest/request.ts';
import type { Operation } from '../../rest/route.ts';
import type { Twin, Twins } from '../../sensor/twin.ts';
import { ChangeLog } from '../change-log.ts';
import type { Ingest } from '../ingest.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import type { Lanes } from '../lanes/lanes.ts';
import type { RuntimePorts } from '../ports.ts';
import type { Publisher } from '../publishing/publisher.ts';
import { agentListOperations } from './agent-lists.ts';
import { agentOperations } from './agents.ts';
import { sensorCommandOperations } from './commands.ts';
import { dataOperations } from './data.ts';
import { decisionOperations } from './decisions.ts';
import { eventOperations } from './events.ts';
import { gardenOperations } from './garden.ts';
import { jobOperations } from './jobs.ts';
import { keyOperations } from './keys.ts';
import { overviewOperations } from './overview.ts';
import { pluginOperations } from './plugins.ts';
import { asReply, type Reply } from './reply.ts';
import { sensorSettingsOperations } from './sensor-settings.ts';
import { sensorOperations } from './sensors.ts';
import { settingsOperations } from './settings.ts';
import { statusOperations } from './status.ts';
import { supplyOperations } from './supplies.ts';
import { whatIfOperations } from './what-if.ts';

/** So many of one sensor may wait: they are made also when whoever asked has gone. */
const MOST_LONG_ANSWERS = 16;

/** What operations work on. */
export interface Workshop extends RuntimePorts {
  readonly twins: Twins;
  readonly publisher: Publisher;
  readonly lanes: Lanes;
  readonly ingest: Ingest;
  readonly ids: { last: number };
  readonly changes: ChangeLog;
  /** Answers of more than one part, of which one is made at a time. */
  readonly longAnswers: FairQueue;
  twinOf(request: ApiRequest): Twin;
  laneOf(request: ApiRequest): AgentLane;
}

export type OperationTable = Partial<Record<Operation, (request: ApiRequest) => Promise<unknown> | unknown>>;

type Parts = Pick<Workshop, 'twins' | 'publisher' | 'lanes' | 'ingest'>;

/** Answers REST requests. What a request changes is on disk before it is answered. */
export class Requests {
  readonly #operations: OperationTable;
  readonly #ids = { last: 0 };

  constructor(ports: RuntimePorts, parts: Parts) {
    const workshop: Workshop = {
      ...ports,
      ...parts,
      ids: this.#ids,
      changes: new ChangeLog(ports.log, ports.clock),
      longAnswers: new FairQueue(MOST_LONG_ANSWERS),
      twinOf: (request) => twinOf(parts.twins, request),
      laneOf: (request) => laneOf(parts.lanes, request),
    };
    this.#operations = {
      ...gardenOperations(workshop),
      ...eventOperations(workshop),
      ...overviewOperations(workshop),
      ...sensorOperations(workshop),
      ...statusOperations(workshop),
      ...sensorSettingsOperations(workshop),
      ...agentOperations(workshop),
      ...agentListOperations(workshop),
      ...jobOperations(workshop),
      ...supplyOperations(workshop),
      ...settingsOperations(workshop),
      ...whatIfOperations(workshop),
      ...dataOperations(workshop),
      ...pluginOperations(workshop),
      ...decisionOperations(workshop),
      ...sensorCommandOperations(workshop),
      ...keyOperations(workshop),
    };
  }

  /** Ids go on after the highest that was ever given out. */
  resumeIds(last: number): void {
    this.#ids.last = last;
  }

  answer(request: ApiRequest): Awaitable<Reply> {
    const operation = this.#operations[request.operation as Operation];
    if (operation === undefined)
      throw new RipeError('RIPE_FIELD_INVALID', { field: 'operation', reason: 'is unknown' });
    const body = operation(request);
    return body instanceof Promise ? body.then(asReply) : asReply(body);
  }
}

function twinOf(twins: Twins, request: ApiRequest): Twin {
  const twin = request.sensor === undefined ? undefined : twins[request.sensor];
  // It may have been deleted while the request was on the wire.
  if (twin === undefined) throw new RipeError('RIPE_AUTH_SENSOR');
  return twin;
}

function laneOf(lanes: Lanes, request: ApiRequest): AgentLane {
  const lane =
    request.sensor === undefined || request.domain === undefined
      ? undefined
      : lanes.find(request.sensor, request.domain);
  if (lane === undefined) throw new RipeError('RIPE_AUTH_SENSOR');
  return lane;
}
