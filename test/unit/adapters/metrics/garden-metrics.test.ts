import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenMetrics, type MetricsSources } from '../../../../src/adapters/metrics/garden-metrics.ts';
import { timedStore } from '../../../../src/adapters/store/timed-store.ts';
import type { RuntimeEvent } from '../../../../src/domain/runtime/events.ts';
import { createTwin } from '../../../../src/domain/sensor/twin.ts';
import { make } from '../../../contract/changes.ts';
import { MemoryStore } from '../../../support/memory-store.ts';

const sources = (parts: Partial<MetricsSources> = {}): MetricsSources => ({
  twins: () => [],
  brokers: () => [],
  plugins: () => [],
  streams: () => 0,
  queuedChanges: () => 0,
  pendingCommitMs: () => 0,
  connections: () => [],
  ...parts,
});

/** Name and labels of every sample, with its value. */
async function samplesOf(metrics: GardenMetrics): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const reading = (sensor: number): RuntimeEvent => ({
  kind: 'reading',
  sensor,
  name: 'Bed',
  reading: make.reading(1),
});

describe('the metrics of a garden', () => {
  it('count what happens, and tell how things stand when they are asked for', async () => {
    const brokers = [{ name: 'here', serves: true }];
    const twins = [createTwin(1, 'Bed'), createTwin(2, 'Pot')];
    const metrics = new GardenMetrics(
      sources({
        twins: () => twins,
        brokers: () => brokers,
        plugins: () => [{ health: 'well' }, { health: 'well' }],
        connections: () => [{ pool: 'readers', open: 4, idle: 1, waiting: 2 }],
      }),
    );
    for (let sensor = 1; sensor <= 3; sensor += 1) metrics.follow(reading(sensor));
    metrics.answered('status', 200);
    metrics.answered('made up', 400);
    metrics.stored('commit', 0.002);
    const samples = await samplesOf(metrics);
    assert.equal(samples.get('ripe_readings_total'), 3);
    assert.equal(samples.get('ripe_sensors'), 2);
    assert.equal(samples.get('ripe_broker_up{broker="here"}'), 1);
    assert.equal(samples.get('ripe_plugins{health="well"}'), 2);
    for (const [state, count] of Object.entries({ busy: 3, idle: 1, waiting: 2 }))
      assert.equal(samples.get(`ripe_store_connections{pool="readers",state="${state}"}`), count);
    assert.equal(samples.get('ripe_http_requests_total{operation="status",status="200"}'), 1);
    assert.equal(samples.get('ripe_http_requests_total{operation="other",status="400"}'), 1);
    assert.equal(
      samples.get('ripe_store_operation_duration_seconds_bucket{le="0.005",operation="commit"}'),
      1,
    );
    brokers[0] = { name: 'there', serves: false };
    const later = await samplesOf(metrics);
    assert.equal(later.has('ripe_broker_up{broker="here"}'), false, 'one that has gone is not told any more');
  });

  it('have as many series for many sensors as for few, and tell of the process once', async () => {
    const few = new GardenMetrics(sources());
    const many = new GardenMetrics(
      sources({ twins: () => Array.from({ length: 50 }, (_, id) => createTwin(id, 'x')) }),
    );
    for (const metrics of [few, many]) metrics.follow(reading(1));
    for (let sensor = 1; sensor < 500; sensor += 1) many.follow(reading(sensor));
    const [a, b] = [await samplesOf(few), await samplesOf(many)];
    const own = (samples: Map<string, number>) =>
      [...samples.keys()].filter((name) => name.startsWith('ripe_'));
    assert.deepEqual(own(b), own(a));
    assert.ok([...a.keys()].some((name) => name.startsWith('nodejs_eventloop_lag')));
  });

  it('tell how long the oldest commit has been pending', async () => {
    const samples = await samplesOf(new GardenMetrics(sources({ pendingCommitMs: () => 7_500 })));
    assert.equal(samples.get('ripe_store_oldest_pending_commit_age_seconds'), 7.5);
  });

  it('are named as Prometheus wants it', async () => {
    const text = await new GardenMetrics(sources()).text();
    const types = [...text.matchAll(/^# TYPE (ripe_\w+) (\w+)$/gm)];
    assert.ok(types.length > 15);
    for (const [, name = '', type] of types) {
      assert.match(name, /^[a-z][a-z0-9_]*$/);
      assert.equal(name.endsWith('_total'), type === 'counter', name);
      assert.match(text, new RegExp(`^# HELP ${name} .{10,}$`, 'm'));
    }
  });
});

describe('a timed store', () => {
  it('tells how long reads and commits take, also those that fail, and is else what it was', async () => {
    const told: string[] = [];
    const inner = new MemoryStore();
    const store = timedStore(inner, (operation, seconds) => told.push(`${operation} ${seconds >= 0}`));
    await store.open();
    store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
    await store.commit();
    assert.deepEqual(await store.openJobs(), []);
    inner.isFailing = true;
    await assert.rejects(store.commit(), { code: 'RIPE_STORE_FAILED' });
    assert.deepEqual(told, ['commit true', 'read true', 'commit true']);
  });
});
