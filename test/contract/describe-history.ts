import assert from 'node:assert/strict';
import { KEPT_COMMANDS } from '../../src/domain/command/sensor-command.ts';
import { type EndedPlace, endedParts } from '../../src/domain/job/ended-jobs.ts';
import type { JobRecord } from '../../src/domain/job/job.ts';
import { make } from './changes.ts';
import { EVER, type OpenStore, slice } from './open-store.ts';

/** What a store promises of measurements, logs, commands, decisions and jobs. */
export function describeHistory(open: OpenStore): void {
  describe('rows', () => {
    it('are found from `from` and before `until`, oldest first', async () => {
      for (const at of [30, 10, 40, 20]) open.write({ type: 'rowSaved', sensor: 1, row: make.row(at) });
      open.write({ type: 'rowSaved', sensor: 2, row: make.row(25) });
      const rows = await open.store.rows(1, { from: 10, until: 40 });
      assert.deepEqual(rows, [make.row(10), make.row(20), make.row(30)]);
    });

    it('are replaced by sensor and timestamp, every value of them', async () => {
      const full = make.row(10, { battery: 1.5, moisture: 2, temperature: -3.25, humidity: 4, carbon: 5 });
      open.write({ type: 'rowSaved', sensor: 1, row: full });
      assert.deepEqual(await open.store.rows(1, EVER), [full]);
      const other = make.row(10, { conductivity: 2_147_483_647, light: -2_147_483_648 });
      open.write({ type: 'rowSaved', sensor: 1, row: other });
      assert.deepEqual(await open.store.rows(1, EVER), [other]);
    });

    it('come at most so many at once: who wants more asks from the last one on', async () => {
      for (const at of [1, 2, 3, 4]) open.write({ type: 'rowSaved', sensor: 1, row: make.row(at) });
      assert.deepEqual(await open.store.rows(1, EVER, 2), [make.row(1), make.row(2)]);
      assert.deepEqual(await open.store.rows(1, { ...EVER, from: 3 }, 2), [make.row(3), make.row(4)]);
    });

    it('tell the first one', async () => {
      assert.equal(await open.store.firstRow(1), null);
      for (const at of [30, 10, 20]) open.write({ type: 'rowSaved', sensor: 1, row: make.row(at) });
      assert.deepEqual(await open.store.firstRow(1), make.row(10));
    });

    it('stand beside raw readings of the same moment', async () => {
      const reading = make.reading(10, { moisture: 1, extra: { ph: 6.5 } });
      open.write({ type: 'readingAdded', sensor: 1, reading }, { type: 'readingAdded', sensor: 1, reading });
      await open.store.commit();
      assert.deepEqual(await open.store.rows(1, EVER), []);
    });
  });

  describe('readings', () => {
    const reading = (at: number, moisture: number) => make.reading(at, { moisture });

    it('come oldest first, those of one moment in the order in which they came', async () => {
      const written = [reading(20, 1), reading(10, 2), reading(10, 3), reading(30, 4)];
      for (const each of written) open.write({ type: 'readingAdded', sensor: 1, reading: each });
      open.write({ type: 'readingAdded', sensor: 2, reading: reading(15, 5) });
      const range = { from: 10, until: 30 };
      assert.deepEqual(await open.store.readings(1, slice(9, range)), [
        reading(10, 2),
        reading(10, 3),
        reading(20, 1),
      ]);
      assert.deepEqual(await open.store.readings(1, slice(1, range, 1)), [reading(10, 3)]);
      assert.deepEqual(await open.store.readings(3, slice(9)), []);
    });

    it('come back as they were, further metrics and all', async () => {
      const full = make.reading(10, {
        battery: 1.5,
        temperature: -3.25,
        carbon: 5,
        extra: { ph: 6.5, ä: -1 },
        offsets: { battery: 0.5 },
      });
      open.write({ type: 'readingAdded', sensor: 1, reading: full });
      await open.reopen();
      assert.deepEqual(await open.store.readings(1, slice(9)), [full]);
    });
  });

  describe('the log', () => {
    it('is a ring: a line replaces the one in its slot', async () => {
      for (let n = 0; n < 7; n += 1) open.write({ type: 'logAdded', line: make.line(n, { slot: n % 3 }) });
      const lines = await open.store.log(1, 100);
      assert.deepEqual(
        lines.map(({ sequence }) => sequence),
        [4, 5, 6],
      );
    });

    it('gives the newest lines, oldest first', async () => {
      for (let n = 0; n < 5; n += 1) open.write({ type: 'logAdded', line: make.line(n) });
      assert.deepEqual(await open.store.log(1, 2), [make.line(3), make.line(4)]);
      assert.deepEqual(await open.store.log(2, 2), []);
    });

    it('keeps any text', async () => {
      for (const text of ['', 'Lüftung 🌱', "'; --", 'two\nlines']) {
        open.write({ type: 'logAdded', line: make.line(0, { text }) });
        assert.equal((await open.store.log(1, 1))[0]?.text, text);
      }
    });
  });

  describe('commands and decisions', () => {
    it('come in order of time, those of one moment in order of writing', async () => {
      for (const [at, value] of [
        [20, 1],
        [10, 2],
        [10, 3],
        [30, 4],
      ] as const) {
        open.write({ type: 'commandAdded', command: make.command(at, { value }) });
        open.write({ type: 'decisionAdded', decision: make.decision(at, { value }) });
      }
      const range = { from: 10, until: 30 };
      const commands = await open.store.commands(1, range);
      assert.deepEqual(
        commands.map(({ value }) => value),
        [2, 3, 1],
      );
      const decisions = await open.store.decisions(1, slice(2, range));
      assert.deepEqual(
        decisions.map(({ value }) => value),
        [1, 3],
      );
      const rest = await open.store.decisions(1, slice(2, { ...range, until: 11 }, 1));
      assert.deepEqual(
        rest.map(({ value }) => value),
        [2],
      );
    });

    it('come at most so many at once', async () => {
      for (const at of [3, 1, 2]) open.write({ type: 'commandAdded', command: make.command(at) });
      assert.deepEqual(await open.store.commands(1, EVER, 2), [make.command(1), make.command(2)]);
    });

    it('come back as they were', async () => {
      const cut = { limit: 'longestRunMs' as const, askedMs: 9, grantedMs: 7 };
      const decision = make.decision(1, { job: 'a', because: { code: 'plain' }, cut });
      open.write({ type: 'commandAdded', command: make.command(1) }, { type: 'decisionAdded', decision });
      assert.deepEqual(await open.store.commands(1, EVER), [make.command(1)]);
      assert.deepEqual(await open.store.decisions(1, slice(9)), [decision]);
    });
  });

  describe('the commands of a sensor', () => {
    it('are a ring: the newest are there, newest first', async () => {
      const ordinals = Array.from({ length: KEPT_COMMANDS + 3 }, (_, n) => n + 1);
      for (const ordinal of ordinals)
        open.write({ type: 'commandSaved', sensor: 1, command: make.sensorCommand(ordinal) });
      const found = await open.store.sensorCommands(1, 99);
      assert.deepEqual(
        found.map(({ ordinal }) => ordinal),
        ordinals.slice(3).reverse(),
      );
      assert.deepEqual(await open.store.sensorCommands(1, 1), [make.sensorCommand(KEPT_COMMANDS + 3)]);
      assert.deepEqual(await open.store.sensorCommands(2, 9), []);
    });

    it('are replaced by what has become of them', async () => {
      const command = make.sensorCommand(1);
      const failed = { ...command, state: 'failed' as const, observed: { ä: -1 }, reason: 'no water' };
      open.write({ type: 'commandSaved', sensor: 1, command });
      await open.store.commit();
      open.write({ type: 'commandSaved', sensor: 1, command: failed });
      assert.deepEqual(await open.store.sensorCommands(1, 9), [failed]);
    });
  });

  describe('jobs', () => {
    it('are open until they have ended, oldest first', async () => {
      const running = make.job('b', { createdAt: 1, status: 'running', startedAt: 5, endsAt: 9 });
      const { sensor, domain, ...lone } = make.job('a', { createdAt: 2, because: { code: 'dry' } });
      const ended = make.job('c', {
        status: 'ended',
        endedAt: 9,
        outcome: 'cancelled',
        reason: 'replaced',
      });
      for (const job of [lone, running, ended]) open.write({ type: 'jobSaved', job });
      await open.reopen();
      assert.deepEqual(await open.store.openJobs(), [running, lone]);
    });

    it('that have run and ended are told from a moment on', async () => {
      const job = (id: string, parts: object) =>
        make.job(id, { status: 'ended', startedAt: 1, endedAt: 5, ...parts });
      const { sensor, domain, ...lone } = job('lone', {});
      const jobs = [job('a', { endedAt: 6 }), job('b', {}), job('old', { endedAt: 4 }), lone];
      const others = [job('never', { startedAt: null }), make.job('open', { waitsSince: 3 })];
      for (const each of [...jobs, ...others]) open.write({ type: 'jobSaved', job: each });
      await open.reopen();
      const whole = await open.store.endedJobs(5, null, 9);
      assert.deepEqual(whole, { jobs: [jobs[1], jobs[0]], next: null });
      assert.deepEqual(await open.store.openJobs(), [others[1]]);
    });

    it('that have run and ended are told part by part, each once, also where many ended at once', async () => {
      const ends = [5, 6, 6, 6, 6, 7];
      const jobs = ends.map((endedAt, n) => make.job(`${n}`, { status: 'ended', startedAt: 1, endedAt }));
      for (const job of jobs.toReversed()) open.write({ type: 'jobSaved', job });
      const parts: (readonly JobRecord[])[] = [];
      const loadTwo = (after: EndedPlace | null) => open.store.endedJobs(5, after, 2);
      for await (const part of endedParts(loadTwo)) parts.push(part);
      assert.deepEqual(parts, [jobs.slice(0, 2), jobs.slice(2, 4), jobs.slice(4, 6), []]);
    });

    it('of one sensor are found: open ones oldest first, ended ones newest first, and each by its id', async () => {
      const ended = (id: string, endedAt: number, parts = {}) =>
        make.job(id, { status: 'ended', endedAt, ...parts });
      const cut = { limit: 'longestRunMs' as const, askedMs: 9, grantedMs: 7 };
      const [a, b, c] = [ended('a', 5, { cut }), ended('b', 7), ended('c', 7)];
      const open1 = make.job('e', { createdAt: 1, status: 'running', waitsSince: 3 });
      const open2 = make.job('d', { createdAt: 2 });
      const others = [ended('x', 6, { sensor: 2 }), make.job('y', { sensor: 2 })];
      for (const job of [open2, a, b, c, open1, ...others]) open.write({ type: 'jobSaved', job });
      await open.reopen();
      assert.deepEqual(await open.store.openJobsOf(1), [open1, open2]);
      assert.deepEqual(await open.store.endedJobsOf(1, slice(9)), [c, b, a]);
      assert.deepEqual(await open.store.endedJobsOf(1, slice(9, { from: 5, until: 7 })), [a]);
      assert.deepEqual(await open.store.endedJobsOf(1, slice(1, { from: 0, until: 8 }, 1)), [b]);
      assert.deepEqual(await open.store.job('x'), others[0]);
      assert.equal(await open.store.job('none'), null);
    });

    it('are replaced by id', async () => {
      open.write({ type: 'jobSaved', job: make.job('a') }, { type: 'jobSaved', job: make.job('b') });
      await open.store.commit();
      open.write({ type: 'jobSaved', job: make.job('a', { status: 'running' }) });
      open.write({ type: 'jobSaved', job: make.job('b', { status: 'ended' }) });
      assert.deepEqual(await open.store.openJobs(), [make.job('a', { status: 'running' })]);
    });
  });
}
