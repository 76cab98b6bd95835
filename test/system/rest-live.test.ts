import assert from 'node:assert/strict';
import { accepted, curl, refused } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

interface Job {
  readonly id: string;
  readonly state: string;
  readonly outcome: string | null;
}

/** A stream as it has come so far, until it is closed. */
async function listen(ripe: { url: string }, { id, key }: TestSensor, lastId?: string) {
  const headers = { 'x-key': key, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
  const closing = new AbortController();
  const response = await fetch(`${ripe.url}/api/sensor/${id}/events`, { headers, signal: closing.signal });
  let text = '';
  const ended = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  const events = () =>
    [...text.matchAll(/^event: (\w+)\nid: (\S+)\ndata: (.*)$/gm)].map(([, event, eventId, data]) => ({
      event,
      id: eventId,
      data: JSON.parse(data ?? '') as Record<string, unknown>,
    }));
  return { response, events, ended, close: () => closing.abort() };
}

describe('REST: what goes on', () => {
  const ripe = useRipe();
  let sensor: TestSensor;

  beforeEach(async () => {
    sensor = await registerSensor(ripe);
  });

  it('runs an actuator once, lists its job, and ends it, behind the nodes of the bundled flow', async () => {
    await sensor.addAgent('01_Water', 'ThresholdAgent');
    const body = { domain: '01_Water', duration_ms: 60_000 };
    const job = accepted<Job>(await sensor.sensor('POST', '/job', { body }));
    await eventually(async () => {
      const [open] = accepted<Job[]>(await sensor.sensor('GET', '/job'));
      assert.deepEqual([open?.id, open?.state], [job.id, 'running']);
    });
    // Its last step is on its way, or has arrived already.
    assert.match(accepted<Job>(await sensor.sensor('DELETE', `/job/${job.id}`)).state, /^(?:ending|ended)$/);
    await eventually(async () => {
      assert.deepEqual(accepted(await sensor.sensor('GET', '/job')), []);
    });
    refused(await sensor.sensor('DELETE', '/job/none'), 400, 'job');
    refused(await sensor.sensor('POST', '/job', { body: { domain: '01_Water' } }), 400, 'duration_ms');
  });

  it('tells live what happens, and again what a client has missed', async () => {
    const stream = await listen(ripe, sensor);
    await eventually(async () => assert.equal(stream.events()[0]?.event, 'ready'));
    await sensor.addAgent('01_Water', 'ThresholdAgent');
    await sensor.postData({ moisture: 5 });
    await eventually(async () => {
      const kinds = new Set(stream.events().map(({ event }) => event));
      for (const kind of ['agent', 'reading', 'decision', 'job', 'command', 'envelope'])
        assert.ok(kinds.has(kind), kind);
    });
    const reading = stream.events().find(({ event }) => event === 'reading');
    assert.equal(reading?.data['moisture'], 5);
    stream.close();
    await sensor.command('01_Water', 0);
    const again = await listen(ripe, sensor, reading?.id);
    await eventually(async () => {
      const end = again.events().find(({ event, data }) => event === 'job' && data['event'] === 'cancelled');
      assert.equal(end?.data['domain'], '01_Water');
    });
    const others = await registerSensor(ripe);
    assert.equal((await listen(ripe, { ...others, key: sensor.key } as TestSensor)).response.status, 400);
    again.close();
  });

  it('pages through decisions and readings by the links that it gives', async () => {
    for (let moisture = 0; moisture < 5; moisture += 1) await sensor.postData({ moisture });
    const range = 'from=2026-01-01T00:00:00Z&until=2999-01-01T00:00:00Z';
    const seen: unknown[] = [];
    let path = `?${range}&resolution=raw&limit=2`;
    for (let pages = 0; path !== '' && pages < 9; pages += 1) {
      const url = `${ripe.url}/api/sensor/${sensor.id}/data${path}`;
      const response = await fetch(url, { headers: { 'x-key': sensor.key } });
      seen.push(...((await response.json()) as { moisture: number }[]).map(({ moisture }) => moisture));
      path = /<(.*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? '';
    }
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    const csv = await fetch(`${ripe.url}/api/sensor/${sensor.id}/data?${range}&resolution=1d`, {
      headers: { 'x-key': sensor.key, accept: 'text/csv' },
    });
    assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
    assert.match(await csv.text(), /^timestamp,count,battery_min.*\r\n\d{4}-/);
  });

  it('lists brokers and supplies for the administrator only', async () => {
    const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
    const [broker] = accepted<{ serves: boolean }[]>(await curl(ripe, 'GET', '/api/broker', { headers }));
    assert.equal(broker?.serves, true);
    assert.deepEqual(accepted(await curl(ripe, 'GET', '/api/supply', { headers })), []);
    assert.equal((await curl(ripe, 'GET', '/api/broker')).status, 401);
  });

  it('is ready, and has figures for Prometheus that hold no key', async () => {
    const ready = { ready: true, store: true, runtime: true, job_runner: true, broker: true };
    assert.deepEqual(accepted(await curl(ripe, 'GET', '/api/ready')), ready);
    assert.equal((await fetch(`${ripe.url}/metrics`)).status, 401);
    const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
    const response = await fetch(`${ripe.url}/metrics`, { headers });
    const text = await response.text();
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain;.*version=0\.0\.4/);
    assert.match(text, /^ripe_readings_total [1-9]/m);
    assert.match(text, /^ripe_broker_up\{broker="[^"]+"\} 1$/m);
    assert.match(text, /^ripe_store_operation_duration_seconds_count\{operation="commit"\} [1-9]/m);
    assert.ok(!text.includes(sensor.key));
  });

  it('ends its streams when it stops', async () => {
    const stream = await listen(ripe, sensor);
    await ripe.stop();
    await stream.ended;
  });
});
