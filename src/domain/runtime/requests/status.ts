import type { Awaitable } from '../../agent/agent-host.ts';
import { brokersFor } from '../../broker/broker.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { emptyRow } from '../../sensor/status.ts';
import type { Twin } from '../../sensor/twin.ts';
import type { WrittenJson } from '../../wire-json.ts';
import type { OperationTable, Workshop } from './requests.ts';
import { type DrawnAgent, StatusTexts } from './status-texts.ts';

/** The status of a sensor (protocol §4.2). */
export function statusOperations(workshop: Workshop): OperationTable {
  const texts = new StatusTexts();
  return { status: (request) => status(workshop, texts, request) };
}

/** At once where all agents draw themselves at once: clients ask for it more often than for all the rest. */
function status(workshop: Workshop, texts: StatusTexts, request: ApiRequest): Awaitable<WrittenJson> {
  const twin = workshop.twinOf(request);
  const write = (agents: readonly (DrawnAgent | null)[]) =>
    texts.write(twin.id, {
      row: twin.row ?? emptyRow(workshop.clock.now()),
      agents: agents.filter((agent) => agent !== null),
      broker: brokerFor(workshop, twin, request),
    });
  const drawn = twin.agents.map((agent) => draw(workshop, twin, agent, request));
  return drawn.some((each) => each instanceof Promise)
    ? Promise.all(drawn).then(write)
    : write(drawn as (DrawnAgent | null)[]);
}

function draw(
  { lanes }: Workshop,
  { id }: Twin,
  { domain, agentName }: Twin['agents'][number],
  request: ApiRequest,
): Awaitable<DrawnAgent | null> {
  const ui = lanes.find(id, domain)?.render(request);
  if (ui === undefined) return null;
  return ui instanceof Promise ? ui.then((it) => ({ domain, agentName, ui: it })) : { domain, agentName, ui };
}

function brokerFor({ brokers, keys }: Workshop, { id }: Twin, { host, client }: ApiRequest): object | string {
  const items = brokersFor(brokers(host), id, keys.keyOf(id) ?? '');
  return client === 'esp8266' ? oldBroker(items) : { items };
}

/** The ESP8266 firmware expects the broker as a text `tcp://host:port` (protocol §10.3). */
function oldBroker(items: readonly { scheme: string; host: string; port: number }[]): string {
  const broker = items.find((item) => item.scheme === 'tcp');
  return broker === undefined ? '' : `tcp://${broker.host}:${broker.port}`;
}
