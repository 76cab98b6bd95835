import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { Attendance } from '../../../../src/adapters/garden/attendance.ts';

const hasSettled = async (promise: Promise<unknown>) => {
  const pending = {};
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
};

describe('Attendance', () => {
  it('lets everybody go where nobody is at work', async () => {
    await new Attendance().gone('runtime', 'runner');
  });

  it('lets one wait for those who are leaving, of every role that it names', async () => {
    const attendance = new Attendance();
    const runtime = attendance.attend('runtime');
    const runner = attendance.attend('runner');
    runtime.leaving();
    runner.leaving();
    const gone = attendance.gone('runtime', 'runner');
    await sleep(40);
    runtime.left();
    assert.equal(await hasSettled(gone), false);
    runner.left();
    await gone;
  });

  it('waits for nobody who stays, as in a deploy of single nodes', async () => {
    const attendance = new Attendance();
    attendance.attend('runtime');
    await attendance.gone('runtime');
    assert.equal(attendance.has('runtime'), true);
  });

  it('waits for those who are still starting, where nobody stays', async () => {
    const attendance = new Attendance();
    const runtime = attendance.attend('runtime');
    const empty = attendance.empty();
    await sleep(40);
    assert.equal(await hasSettled(empty), false);
    runtime.left();
    await empty;
  });

  it('hears of those who begin to leave within the same turn', async () => {
    const attendance = new Attendance();
    const runtime = attendance.attend('runtime');
    const gone = attendance.gone('runtime');
    runtime.leaving();
    await sleep(40);
    assert.equal(await hasSettled(gone), false);
    runtime.left();
    await gone;
  });

  it('counts those of one role, each once', async () => {
    const attendance = new Attendance();
    const first = attendance.attend('pool');
    const second = attendance.attend('pool');
    first.left();
    first.left();
    assert.equal(attendance.has('pool'), true);
    second.left();
    assert.equal(attendance.has('pool'), false);
  });

  it('waits for nobody longer than 5 s', async () => {
    const attendance = new Attendance();
    attendance.attend('runtime').leaving();
    const from = performance.now();
    await attendance.gone('runtime');
    const waited = performance.now() - from;
    assert.ok(waited >= 4_900 && waited < 15_000, `${waited} ms`);
  });
});
