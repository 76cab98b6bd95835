import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { connect } from '../../../../src/adapters/store/sqlite/connect.ts';
import type { Store } from '../../../../src/domain/store.ts';
import { EVER, slice } from '../../../contract/open-store.ts';
import { tempPostgresStore } from '../../../contract/temp-postgres-store.ts';
import { watchedSqliteStore } from '../../../contract/watched-sqlite-store.ts';
import type { WatchedWriter } from '../../../contract/watched-writer.ts';
import { usePostgres } from '../../../support/postgres.ts';

const OLD = { readingsBefore: 1, jobsBefore: 1, rowsBefore: 1, historyBefore: 1, most: 500 };

/** Everything that is asked while a garden is at work; what is read once at the start may read everything. */
const QUERIES: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  rows: (store) => store.rows(1, EVER),
  'the first row': (store) => store.firstRow(1),
  'log lines': (store) => store.log(1, 124),
  commands: (store) => store.commands(1, EVER),
  'the commands of a sensor': (store) => store.sensorCommands(1, 32),
  decisions: (store) => store.decisions(1, slice(100)),
  readings: (store) => store.readings(1, slice(100)),
  'the open jobs of a sensor': (store) => store.openJobsOf(1),
  'the ended jobs of a sensor': (store) => store.endedJobsOf(1, slice(100)),
  'jobs that have ended of late': (store) => store.endedJobs(1, { endedAt: 2, id: 'a' }, 9),
  'a job': (store) => store.job('a'),
  'open jobs': (store) => store.openJobs(),
  'what is too old': (store) => store.prune(OLD),
};

describe('every query of a garden at work', () => {
  let store: Store;
  let database: DatabaseSync;
  let dispose: () => Promise<void>;
  let writer: WatchedWriter;
  const prepared: string[] = [];

  before(async () => {
    const watch = (file: string) => {
      database = connect(file);
      const prepare = database.prepare.bind(database);
      database.prepare = (text) => {
        prepared.push(text);
        return prepare(text);
      };
      return database;
    };
    ({ store, writer, dispose } = await watchedSqliteStore({ connect: watch }));
  });
  after(() => dispose());

  const planOf = (text: string) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map(({ detail }) => String(detail));

  for (const [name, ask] of Object.entries(QUERIES)) {
    it(`finds ${name} by an index, in their order`, async () => {
      prepared.length = 0;
      writer.forget();
      await ask(store);
      const texts = [...prepared, ...writer.prepared].filter((text) =>
        /^\s*(?:select|with|delete)/i.test(text),
      );
      assert.ok(texts.length > 0, 'something was asked');
      for (const text of texts) {
        const plan = planOf(text);
        assert.ok(
          plan.some((step) => /^(?:SEARCH|SCAN jobs USING INDEX open_jobs)/.test(step)),
          `${text}\n${plan.join('\n')}`,
        );
        for (const step of plan) {
          // `known` is the list of the sensors, which a query has made itself.
          if (/^SCAN (?!known|jobs USING INDEX open_jobs|CONSTANT ROW)/.test(step))
            assert.fail(`${text}\n${step}`);
          // The lines of one ring are few, and lie in the order of their slots.
          if (!text.includes('"log_lines"')) assert.doesNotMatch(step, /TEMP B-TREE FOR ORDER/, text);
        }
      }
    });
  }

  it('finds a scan where there is one', () => {
    assert.deepEqual(planOf('select * from readings where at < 5'), ['SCAN readings']);
  });
});

describe('the indexes of a PostgreSQL garden', () => {
  const server = usePostgres();

  it('are those of a SQLite one', async () => {
    const { store, database } = await tempPostgresStore(server);
    await store.close();
    const there = await server.query("select indexdef from pg_indexes where schemaname = 'ripe'", database);
    const indexes = there.map(({ indexdef }) => String(indexdef).replace(/^.* ON ripe\./, ''));
    for (const wanted of [
      'data_rows USING btree (sensor, at)',
      'readings USING btree (sensor, at)',
      'log_lines USING btree (sensor, slot)',
      'commands USING btree (sensor, at)',
      'sensor_commands USING btree (sensor, ordinal)',
      'decisions USING btree (sensor, at)',
      'jobs USING btree (created_at, id) WHERE',
      'jobs USING btree (sensor, ended_at, id)',
      'jobs USING btree (ended_at) WHERE',
    ]) {
      assert.ok(
        indexes.some((index) => index.startsWith(wanted)),
        `${wanted} is none of\n${indexes.join('\n')}`,
      );
    }
  });
});
