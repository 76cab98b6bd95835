import type { Kysely } from 'kysely';
import type { Change } from '../../domain/store.ts';
import { encode } from './encode.ts';
import { type Run, rowWriter } from './row-writer.ts';
import type { Tables } from './tables.ts';

type Writes = {
  readonly [Type in Change['type']]: (change: Extract<Change, { type: Type }>, run: Run) => void;
};
type Part<Type extends Change['type']> = Pick<Writes, Type>;

/** What belongs to a sensor and goes with it. A clear that is owed to a broker does not. */
const BELONGINGS = [
  'agents',
  'data_rows',
  'readings',
  'log_lines',
  'commands',
  'decisions',
  'jobs',
] as const satisfies (keyof Tables)[];

/**
 * Builds the SQL of every change once, and returns what hands a change's statements to `run`: building a query
 * costs more than running it. The values used here only make placeholders.
 */
export function compileChangeWrites(db: Kysely<Tables>): (change: Change, run: Run) => void {
  const writes: Writes = {
    ...sensorWrites(db),
    ...agentWrites(db),
    ...measurementWrites(db),
    ...historyWrites(db),
    ...clearWrites(db),
  };
  return (change, run) => {
    const write = writes[change.type] as (change: Change, run: Run) => void;
    write(change, run);
  };
}

function sensorWrites(db: Kysely<Tables>): Part<'sensorAdded' | 'sensorRemoved'> {
  const add = rowWriter(db, 'sensors');
  const raiseLastId = db
    .updateTable('meta')
    .set({ last_sensor_id: 0 })
    .where('last_sensor_id', '<', 0)
    .compile().sql;
  const remove = [
    db.deleteFrom('sensors').where('id', '=', 0).compile().sql,
    ...BELONGINGS.map((table) => db.deleteFrom(table).where('sensor', '=', 0).compile().sql),
  ];
  return {
    sensorAdded({ sensor }, run) {
      add(encode.sensor(sensor), run);
      run(raiseLastId, [sensor.id, sensor.id]);
    },
    sensorRemoved({ sensor }, run) {
      for (const sql of remove) run(sql, [sensor]);
    },
  };
}

function agentWrites(db: Kysely<Tables>): Part<'agentSaved' | 'agentRemoved' | 'jobSaved'> {
  const saveAgent = rowWriter(db, 'agents', ['sensor', 'domain']);
  const saveJob = rowWriter(db, 'jobs', ['id']);
  const remove = db.deleteFrom('agents').where('sensor', '=', 0).where('domain', '=', '').compile().sql;
  return {
    agentSaved: ({ agent }, run) => saveAgent(encode.agent(agent), run),
    agentRemoved: ({ sensor, domain }, run) => run(remove, [sensor, domain]),
    jobSaved: ({ job }, run) => saveJob(encode.job(job), run),
  };
}

function measurementWrites(db: Kysely<Tables>): Part<'rowSaved' | 'readingAdded'> {
  const saveRow = rowWriter(db, 'data_rows', ['sensor', 'at']);
  const addReading = rowWriter(db, 'readings');
  return {
    rowSaved: ({ sensor, row }, run) => saveRow(encode.dataRow(sensor, row), run),
    readingAdded: ({ sensor, reading }, run) => addReading(encode.reading(sensor, reading), run),
  };
}

function historyWrites(db: Kysely<Tables>): Part<'logAdded' | 'commandAdded' | 'decisionAdded'> {
  const addLine = rowWriter(db, 'log_lines', ['sensor', 'slot']);
  const addCommand = rowWriter(db, 'commands');
  const addDecision = rowWriter(db, 'decisions');
  return {
    logAdded: ({ line }, run) => addLine(line, run),
    commandAdded: ({ command }, run) => addCommand(command, run),
    decisionAdded: ({ decision }, run) => addDecision(encode.decision(decision), run),
  };
}

function clearWrites(db: Kysely<Tables>): Part<'clearOwed' | 'clearDone'> {
  const owe = rowWriter(db, 'owed_clears', ['sensor']);
  const done = db.deleteFrom('owed_clears').where('sensor', '=', 0).compile().sql;
  return {
    clearOwed: ({ sensor, key }, run) => owe({ sensor, key }, run),
    clearDone: ({ sensor }, run) => run(done, [sensor]),
  };
}
