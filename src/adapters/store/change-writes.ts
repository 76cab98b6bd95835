import type { Change } from '../../domain/change.ts';
import type { WrittenTable } from './columns.ts';
import { encode } from './encode.ts';
import type { WriteSink } from './write-sink.ts';

/** What belongs to a sensor and goes with it. A clear that is owed to a broker does not. */
const BELONGINGS = [
  'agents',
  'data_rows',
  'readings',
  'log_lines',
  'commands',
  'decisions',
  'jobs',
  'sensor_commands',
] as const satisfies WrittenTable[];

type Writes = {
  readonly [Type in Change['type']]: (change: Extract<Change, { type: Type }>, sink: WriteSink) => void;
};

const WRITES: Writes = {
  sensorAdded({ sensor }, sink) {
    sink.put('sensors', encode.sensor(sensor));
    sink.raise('last_sensor_id', sensor.id);
  },
  sensorChanged: ({ sensor, name, offsets }, sink) =>
    sink.update('sensors', { id: sensor }, { name, offsets: encode.offsets(offsets) }),
  sensorRemoved({ sensor }, sink) {
    sink.remove('sensors', { id: sensor });
    for (const table of BELONGINGS) sink.remove(table, { sensor });
  },
  keyChanged({ sensor, key, at, former, until }, sink) {
    sink.update('sensors', { id: sensor }, { key });
    sink.update('former_keys', { sensor }, { until: at });
    sink.put('former_keys', { sensor, key: former, until });
  },
  formerKeyGone: ({ sensor, key }, sink) => sink.remove('former_keys', { sensor, key }),
  agentSaved: ({ agent }, sink) => sink.put('agents', encode.agent(agent)),
  agentRemoved: ({ sensor, domain }, sink) => sink.remove('agents', { sensor, domain }),
  rowSaved: ({ sensor, row }, sink) => sink.put('data_rows', encode.dataRow(sensor, row)),
  readingAdded: ({ sensor, reading }, sink) => sink.put('readings', encode.reading(sensor, reading)),
  logAdded: ({ line }, sink) => sink.put('log_lines', line),
  commandAdded: ({ command }, sink) => sink.put('commands', command),
  decisionAdded: ({ decision }, sink) => sink.put('decisions', encode.decision(decision)),
  jobSaved: ({ job }, sink) => sink.put('jobs', encode.job(job)),
  commandSaved: ({ sensor, command }, sink) =>
    sink.put('sensor_commands', encode.sensorCommand(sensor, command)),
  clearOwed: ({ sensor, key }, sink) => sink.put('owed_clears', { sensor, key }),
  clearDone: ({ sensor }, sink) => sink.remove('owed_clears', { sensor }),
  epochRaised: ({ epoch }, sink) => sink.raise('epoch', epoch),
};

/** Hands over what a change does to the tables. */
export function writeChange(change: Change, sink: WriteSink): void {
  const write = WRITES[change.type] as (change: Change, sink: WriteSink) => void;
  write(change, sink);
}
