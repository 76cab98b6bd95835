import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { PASSWORD, usePostgres } from '../support/postgres.ts';
import { useRipe } from '../support/ripe.ts';

/** What a start may take on a busy machine. */
const START_WITHIN_MS = 30_000;

describe('RIPE with RIPE_DATABASE_URL', () => {
  const server = usePostgres();
  let url = '';
  before(async () => {
    url = server.url(await server.createDatabase());
    ripe.keepSecret(PASSWORD);
  });
  // A read while the database is away is answered with 503, and logged.
  const expectedErrors = /The store did not take the change/;
  const env = () => ({ RIPE_DATABASE_URL: url, RIPE_METRICS_TOKEN: 'figures-only' });
  const ripe = useRipe({ env, expectedErrors });

  const call = (method: string, route: string, key = '', body?: object) =>
    fetch(`${ripe.url}/api/${route}`, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-KEY': key },
      ...(body && { body: JSON.stringify(body) }),
    });
  const register = async (name: string) => {
    const response = await call('POST', 'sensor', '', { name });
    assert.ok(response.ok, `${response.status}`);
    return (await response.json()) as { id: number; key: string };
  };
  const isThere = async ({ id, key }: { id: number; key: string }) =>
    (await call('GET', `sensor/${id}`, key)).ok;

  it('keeps its garden there', async () => {
    const sensor = await register('kept');
    await ripe.restart('SIGKILL');
    assert.ok(await isThere(sensor));
    assert.ok(!existsSync(path.join(ripe.dataDir, 'ripe.db')));
  });

  it('tells Prometheus how its connections stand, for a token of its own', async () => {
    const ask = (path: string) =>
      fetch(`${ripe.url}${path}`, { headers: { authorization: 'Bearer figures-only' } });
    const text = await (await ask('/metrics')).text();
    assert.match(text, /^ripe_store_connections\{pool="writer",state="idle"\} \d/m);
    assert.match(text, /^ripe_store_connections\{pool="readers",state="waiting"\} 0$/m);
    assert.equal((await ask('/api/sensor')).status, 401);
  });

  it('goes on while the database is away, and stores what it acknowledged when it is back', async () => {
    await server.stop();
    // The change that finds nobody there is kept as well as those after it.
    const first = await register('first');
    const second = await register('second');
    assert.equal((await call('GET', `sensor/${first.id}/data/first`, first.key)).status, 503);
    assert.ok(await isThere(second));
    await server.start();
    await eventually(async () => assert.equal((await call('GET', 'health')).status, 200));
    await eventually(() => assert.match(ripe.output, /garden1 is back/));
    await ripe.restart('SIGKILL');
    assert.ok(await isThere(first));
    assert.ok(await isThere(second));
    assert.match(ripe.output, /keeping up to 10000 changes until it is back/);
  });

  it('waits for a database that starts later', async () => {
    await ripe.stop();
    await server.stop();
    const run = ripe.launch();
    await eventually(() => assert.match(run.stdout, /waiting for it/), START_WITHIN_MS);
    await server.start();
    await run.untilHealthy(START_WITHIN_MS);
  });
});
