import assert from 'node:assert/strict';
import { loadAll } from '../support/load-all.ts';
import { belongings, countOf } from './belongings.ts';
import { make } from './changes.ts';
import type { OpenStore } from './open-store.ts';

/** What a store promises of the garden, its sensors and its agents. */
export function describeGarden(open: OpenStore): void {
  describe('a garden', () => {
    it('is empty at first, with an id of its own', async () => {
      const { gardenId, ...rest } = await loadAll(open.store);
      assert.match(gardenId, /^[0-9a-f-]{36}$/);
      assert.deepEqual(rest, {
        lastSensorId: 0,
        epoch: 0,
        sensors: [],
        agents: [],
        newestRows: new Map(),
        newestCommands: new Map(),
        logSequences: new Map(),
        owedClears: [],
        formerKeys: [],
      });
    });

    it('keeps its id', async () => {
      const { gardenId } = await loadAll(open.store);
      await open.reopen();
      assert.equal((await loadAll(open.store)).gardenId, gardenId);
    });

    it('answers a ping', () => open.store.ping());

    it('loads what was written, also after reopening', async () => {
      const agent = make.agent({
        state: { on: [1, null, 'ü'] },
        settings: { start: { ms: 1, zone: 'UTC' } },
        guard: { limits: { dailyBudgetMs: 7 }, lockout: { at: 3, failures: 5, reason: 'ü' } },
      });
      open.addSensors(1, 2);
      open.write(
        { type: 'agentSaved', agent },
        { type: 'rowSaved', sensor: 1, row: make.row(10) },
        { type: 'rowSaved', sensor: 1, row: make.row(20, { moisture: 33.25, light: 7 }) },
        { type: 'commandSaved', sensor: 1, command: make.sensorCommand(7) },
        { type: 'commandSaved', sensor: 1, command: make.sensorCommand(6) },
        { type: 'logAdded', line: make.line(4) },
        { type: 'logAdded', line: make.line(5, { slot: 0 }) },
        { type: 'clearOwed', sensor: 9, key: 'gone' },
      );
      const before = await loadAll(open.store);
      await open.reopen();
      const after = await loadAll(open.store);
      assert.deepEqual(after, before);
      assert.deepEqual(after.sensors, [make.sensor(1), make.sensor(2)]);
      assert.deepEqual(after.agents, [agent]);
      assert.deepEqual(after.newestRows, new Map([[1, make.row(20, { moisture: 33.25, light: 7 })]]));
      assert.deepEqual(after.newestCommands, new Map([[1, make.sensorCommand(7)]]));
      assert.deepEqual(after.logSequences, new Map([[1, 5]]));
      assert.deepEqual(after.owedClears, [{ sensor: 9, key: 'gone' }]);
    });

    it('keeps the highest epoch, whatever is written', async () => {
      for (const epoch of [3, 5, 4]) open.write({ type: 'epochRaised', epoch });
      await open.reopen();
      assert.equal((await loadAll(open.store)).epoch, 5);
      open.write({ type: 'epochRaised', epoch: 2 });
      assert.equal((await loadAll(open.store)).epoch, 5);
    });

    it('forgets a clear that is done', async () => {
      open.write({ type: 'clearOwed', sensor: 1, key: 'a' }, { type: 'clearOwed', sensor: 2, key: 'b' });
      open.write({ type: 'clearDone', sensor: 1 });
      assert.deepEqual((await loadAll(open.store)).owedClears, [{ sensor: 2, key: 'b' }]);
    });
  });

  describe('the key of a sensor', () => {
    const change = (key: string, former: string, at: number, until: number) =>
      ({ type: 'keyChanged', sensor: 1, key, former, at, until }) as const;

    it('is changed for good, the former one is kept, and earlier ones end with it', async () => {
      open.addSensors(1, 2);
      open.write(change('new', 'key1', 10, 1_000), change('newer', 'new', 20, 2_000));
      await open.reopen();
      const { sensors, formerKeys } = await loadAll(open.store);
      assert.deepEqual(
        sensors.map(({ key }) => key),
        ['newer', 'key2'],
      );
      assert.deepEqual(formerKeys, [
        { sensor: 1, key: 'key1', until: 20 },
        { sensor: 1, key: 'new', until: 2_000 },
      ]);
    });

    it('is forgotten when nothing is left of it, also of a sensor that has gone', async () => {
      open.addSensors(1);
      open.write(change('new', 'key1', 10, 1_000), { type: 'sensorRemoved', sensor: 1 });
      assert.equal((await loadAll(open.store)).formerKeys.length, 1);
      open.write({ type: 'formerKeyGone', sensor: 1, key: 'key1' });
      await open.reopen();
      assert.deepEqual((await loadAll(open.store)).formerKeys, []);
    });
  });

  describe('sensors', () => {
    it('leave their id behind when they are removed', async () => {
      open.addSensors(1, 2);
      open.write({ type: 'sensorRemoved', sensor: 2 });
      await open.reopen();
      const { lastSensorId, sensors } = await loadAll(open.store);
      assert.equal(lastSensorId, 2);
      assert.deepEqual(sensors, [make.sensor(1)]);
    });

    it('are renamed and calibrated, and that may be taken back', async () => {
      open.addSensors(1, 2);
      const change = (name: string, offsets: Record<string, number>) =>
        open.write({ type: 'sensorChanged', sensor: 1, name, offsets });
      change('Kräuter', { moisture: -3.5, 'pH ü': 0.25 });
      await open.reopen();
      const named = { ...make.sensor(1), name: 'Kräuter', offsets: { moisture: -3.5, 'pH ü': 0.25 } };
      assert.deepEqual((await loadAll(open.store)).sensors, [named, make.sensor(2)]);
      change('Herbs', {});
      assert.deepEqual((await loadAll(open.store)).sensors[0], { ...make.sensor(1), name: 'Herbs' });
      open.write({ type: 'sensorRemoved', sensor: 1 });
      change('Gone', {});
      assert.deepEqual((await loadAll(open.store)).sensors, [make.sensor(2)]);
    });

    it('take everything with them but the clear they owe', async () => {
      open.addSensors(1, 2);
      open.write(...belongings(1), ...belongings(2), { type: 'clearOwed', sensor: 1, key: 'key1' });
      await open.store.commit();
      open.write({ type: 'sensorRemoved', sensor: 1 });
      await open.reopen();
      assert.deepEqual(await countOf(open.store, 1), {
        agents: 0,
        rows: 0,
        log: 0,
        commands: 0,
        sensorCommands: 0,
        readings: 0,
        decisions: 0,
        jobs: 0,
      });
      assert.deepEqual(await countOf(open.store, 2), {
        agents: 1,
        rows: 1,
        log: 1,
        commands: 1,
        sensorCommands: 1,
        readings: 1,
        decisions: 1,
        jobs: 1,
      });
      assert.deepEqual((await loadAll(open.store)).owedClears, [{ sensor: 1, key: 'key1' }]);
    });

    it('take with them what was written in the same group, and what still arrives', async () => {
      open.addSensors(1);
      open.write(...belongings(1), { type: 'sensorRemoved', sensor: 1 }, ...belongings(1));
      await open.store.commit();
      open.write(...belongings(1));
      await open.reopen();
      assert.deepEqual(await countOf(open.store, 1), {
        agents: 0,
        rows: 0,
        log: 0,
        commands: 0,
        sensorCommands: 0,
        readings: 0,
        decisions: 0,
        jobs: 0,
      });
    });
  });

  describe('agents', () => {
    it('are replaced by sensor and domain', async () => {
      open.addSensors(1);
      open.write(
        { type: 'agentSaved', agent: make.agent() },
        { type: 'agentSaved', agent: make.agent({ value: 3 }) },
      );
      assert.deepEqual((await loadAll(open.store)).agents, [make.agent({ value: 3 })]);
    });

    it('end as the last of save, remove and save says', async () => {
      open.addSensors(1);
      const save = (domain: string, value: number) =>
        open.write({ type: 'agentSaved', agent: make.agent({ domain, value }) });
      const remove = (domain: string) => open.write({ type: 'agentRemoved', sensor: 1, domain });
      save('kept', 1);
      remove('kept');
      save('kept', 2);
      save('gone', 1);
      save('gone', 2);
      remove('gone');
      assert.deepEqual((await loadAll(open.store)).agents, [make.agent({ domain: 'kept', value: 2 })]);
    });
  });
}
