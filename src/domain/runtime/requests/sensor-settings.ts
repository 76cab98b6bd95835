import { patchOffsets } from '../../reading/calibration.ts';
import type { SensorSettingsBody } from '../../rest/bodies.ts';
import type { ApiRequest } from '../../rest/request.ts';
import type { Twin } from '../../sensor/twin.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** The name of a sensor, and its calibration. */
export function sensorSettingsOperations(workshop: Workshop): OperationTable {
  return {
    getSensorSettings: (request) => settingsBody(workshop.twinOf(request)),
    patchSensorSettings: (request) => patch(workshop, request),
  };
}

const settingsBody = ({ id, name, offsets }: Twin): object => ({ id, name, offsets });

async function patch(workshop: Workshop, request: ApiRequest): Promise<object> {
  const { store, wires, changes } = workshop;
  const twin = workshop.twinOf(request);
  const body = request.body as SensorSettingsBody;
  const before = { name: twin.name, offsets: twin.offsets };
  const name = body.name ?? before.name;
  const offsets = patchOffsets(before.offsets, body.offsets ?? {});
  // The next reading is of the new calibration, however long the disk takes.
  Object.assign(twin, { name, offsets });
  store.write({ type: 'sensorChanged', sensor: twin.id, name, offsets });
  try {
    await store.commit();
  } catch (error) {
    Object.assign(twin, before);
    store.write({ type: 'sensorChanged', sensor: twin.id, ...before });
    throw error;
  }
  wires.event({ kind: 'settings', sensor: twin.id, name, offsets });
  const told = JSON.stringify({ name, offsets });
  changes.tell(twin.id, `sensor ${twin.id} (${name}) has other settings: ${told}`);
  return settingsBody(twin);
}
