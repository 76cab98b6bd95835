import { brokersFor } from '../../broker/broker.ts';
import { HIGHEST_SENSOR_ID } from '../../broker/topics.ts';
import { RipeError } from '../../errors.ts';
import type { RegisterSensorBody } from '../../rest/bodies.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { createTwin } from '../../sensor/twin.ts';
import type { Store } from '../../store.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** So many rows are deleted in one commit. */
const BITE = 500;

/** Registering and deleting sensors (protocol §3). */
export function sensorOperations(workshop: Workshop): OperationTable {
  return {
    registerSensor: (request) => registerSensor(workshop, request),
    deleteSensor: (request) => deleteSensor(workshop, request),
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
  try {
    await store.commit();
  } catch (error) {
    // It stays queued: without this the next start would know a sensor of which nobody has the key.
    store.write({ type: 'sensorRemoved', sensor: sensor.id });
    throw error;
  }
  twins[sensor.id] = createTwin(sensor.id, sensor.name);
  keys.set(sensor.id, sensor.key);
  workshop.wires.event({ kind: 'registered', sensor: sensor.id, name: sensor.name });
  workshop.changes.tellOfSensors(`sensor ${sensor.id} (${sensor.name}) is registered`);
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
  await eraseHistory(store, twin.id);
  store.write({ type: 'sensorRemoved', sensor: twin.id });
  if (hadAgents && key !== undefined) publisher.owe(twin.id, key);
  await store.commit();
  workshop.wires.event({ kind: 'removed', sensor: twin.id, name: twin.name });
  workshop.changes.tellOfSensors(`sensor ${twin.id} (${twin.name}) is deleted`);
  return { id: twin.id, key, broker: { items: [] } };
}

/** In bites: to delete a million readings at once takes seconds, in which no command of another sensor is committed. */
async function eraseHistory(store: Store, sensor: number): Promise<void> {
  try {
    while ((await store.erase(sensor, BITE)) > 0);
  } catch {
    // It goes with the sensor, as soon as the store is there again.
  }
}
