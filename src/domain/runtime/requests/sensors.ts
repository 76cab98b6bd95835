import { brokersFor } from '../../broker.ts';
import { RipeError } from '../../errors.ts';
import type { RegisterSensorBody } from '../../rest/bodies.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { agentBody, dataRowBody, emptyRow } from '../../status.ts';
import { HIGHEST_SENSOR_ID } from '../../topics.ts';
import { createTwin } from '../../twin.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** Registering, deleting and looking at sensors (protocol §3). */
export function sensorOperations(workshop: Workshop): OperationTable {
  return {
    registerSensor: (request) => registerSensor(workshop, request),
    deleteSensor: (request) => deleteSensor(workshop, request),
    status: (request) => status(workshop, request),
    reload: (request) => {
      workshop.twinOf(request);
      return null;
    },
  };
}

async function registerSensor(workshop: Workshop, request: ApiRequest): Promise<object> {
  const { store, keys, twins, ids, clock } = workshop;
  const { name } = request.body as RegisterSensorBody;
  if (ids.last >= HIGHEST_SENSOR_ID) throw new RipeError('RIPE_SENSOR_LIMIT', { limit: HIGHEST_SENSOR_ID });
  ids.last += 1;
  const sensor = {
    id: ids.last,
    key: workshop.newKey(),
    name: name ?? `Sensor ${ids.last}`,
    createdAt: clock.now(),
  };
  store.write({ type: 'sensorAdded', sensor });
  await store.commit();
  twins[sensor.id] = createTwin(sensor.id, sensor.name);
  keys.set(sensor.id, sensor.key);
  workshop.wires.event({ kind: 'registered', sensor: sensor.id, name: sensor.name });
  workshop.log.info(`sensor ${sensor.id} (${sensor.name}) is registered`);
  const items = brokersFor(workshop.brokers(request.host), sensor.id, sensor.key);
  return { id: sensor.id, key: sensor.key, broker: { items } };
}

/** Ends everything of the sensor, actuators first; its key has been checked before (protocol §3 FIX). */
async function deleteSensor(workshop: Workshop, request: ApiRequest): Promise<object> {
  const { store, keys, twins, lanes, publisher, ingest } = workshop;
  const twin = workshop.twinOf(request);
  const key = keys.keyOf(twin.id);
  const hadAgents = twin.agents.length > 0;
  for (const lane of [...lanes.of(twin.id)]) lane.retire();
  for (const lane of [...lanes.of(twin.id)]) lanes.remove(lane);
  delete twins[twin.id];
  keys.retire(twin.id);
  ingest.forget(twin.id);
  store.write({ type: 'sensorRemoved', sensor: twin.id });
  if (hadAgents && key !== undefined) publisher.owe(twin.id, key);
  await store.commit();
  workshop.wires.event({ kind: 'removed', sensor: twin.id, name: twin.name });
  workshop.log.info(`sensor ${twin.id} (${twin.name}) is deleted`);
  return { id: twin.id, key, broker: { items: [] } };
}

async function status(workshop: Workshop, request: ApiRequest): Promise<object> {
  const twin = workshop.twinOf(request);
  const agents = await Promise.all(
    twin.agents.map(async ({ domain, agentName }) => {
      const ui = await workshop.lanes.find(twin.id, domain)?.render(request);
      return ui === undefined ? null : agentBody(domain, agentName, ui);
    }),
  );
  const items = brokersFor(workshop.brokers(request.host), twin.id, workshop.keys.keyOf(twin.id) ?? '');
  return {
    data: dataRowBody(twin.row ?? emptyRow(workshop.clock.now())),
    agents: agents.filter((agent) => agent !== null),
    broker: request.client === 'esp8266' ? oldBroker(items) : { items },
  };
}

/** The ESP8266 firmware expects the broker as a text `tcp://host:port` (protocol §10.3). */
function oldBroker(items: readonly { scheme: string; host: string; port: number }[]): string {
  const broker = items.find((item) => item.scheme === 'tcp');
  return broker === undefined ? '' : `tcp://${broker.host}:${broker.port}`;
}
