import assert from 'node:assert/strict';
import { cpuMs, fieldOf } from '../../../bench/support/process-use.ts';

describe('what a process uses', () => {
  it('reads a field of /proc by its name at the beginning of a line', () => {
    const io = 'rchar: 10\nwchar: 20\nread_bytes: 30\nwrite_bytes: 40\ncancelled_write_bytes: 50\n';
    assert.equal(fieldOf(io, 'write_bytes'), 40);
    assert.throws(() => fieldOf(io, 'bytes'), /there is no bytes/);
  });

  it('counts processor time that passes', async () => {
    const before = await cpuMs(process.pid);
    for (const until = performance.now() + 60; performance.now() < until; );
    assert.ok((await cpuMs(process.pid)) - before >= 20);
  });
});
