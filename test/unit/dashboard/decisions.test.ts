import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { useDecisions } from '../../../dashboard/ui/sensor/use-decisions.ts';
import { FakeGardenClient } from '../../support/fake-garden-client.ts';

const HOUR = 3_600_000;
const PAGE = 100;

/** A sensor with as many decisions, one in each half hour before now, as RIPE answers them. */
function garden(count: number) {
  const client = new FakeGardenClient();
  const newest = Date.now() - HOUR / 4;
  const all = Array.from({ length: count }, (_, index) => ({
    at: new Date(newest - Math.floor(index / 2) * HOUR).toISOString(),
    domain: index % 2 === 0 ? 'a' : 'b',
    event: 'reading',
  }));
  client.answer = ({ path }) => {
    const query = new URL(path, 'http://garden').searchParams;
    const [from, until] = [query.get('from') ?? '', query.get('until') ?? ''];
    return all.filter(({ at }) => at >= from && at < until).slice(0, Number(query.get('limit') ?? 1_000));
  };
  return { client, all, ...useDecisions(client.asClient, 7) };
}

describe('The decisions that a page shows', () => {
  it('are those of the last day, until somebody asks for older ones', async () => {
    const { decisions, isAll, load, loadOlder } = garden(60);
    await load();
    assert.deepEqual([decisions.value.length, isAll.value], [48, false]);
    await loadOlder();
    assert.deepEqual([decisions.value.length, isAll.value], [60, true]);
  });

  it('are told page by page, none of them twice and none left out', async () => {
    const { all, decisions, isAll, load, loadOlder } = garden(48 + PAGE + 31);
    await load();
    while (!isAll.value) await loadOlder();
    assert.deepEqual(decisions.value, all);
  });

  it('keep the older ones when another one comes', async () => {
    const { all, decisions, load, loadOlder } = garden(60);
    await load();
    await loadOlder();
    all.unshift({ at: new Date().toISOString(), domain: 'a', event: 'forced' });
    await load();
    assert.deepEqual(decisions.value, all);
  });

  it('stay while RIPE does not answer, which is said', async () => {
    const { client, decisions, failure, load } = garden(4);
    await load();
    client.answer = () => assert.fail('RIPE is starting');
    await load();
    assert.deepEqual([decisions.value.length, failure.value], [4, 'RIPE is starting']);
  });
});
