// Loaded into a RIPE before anything else (`node --import`): from SIGWINCH on every commit takes STALL_MS, as on a card that
// hangs in fsync, until the next SIGWINCH; from the start where STALLS is 1.
import { DatabaseSync } from 'node:sqlite';
import { SharedNumber } from '../../scripts/chaos/preload/shared-number.js';

const { exec } = DatabaseSync.prototype;
const stalls = new SharedNumber('stalls', Number(process.env.STALLS ?? 0));
const nobody = new Int32Array(new SharedArrayBuffer(4));

DatabaseSync.prototype.exec = function (text) {
  if (text === 'COMMIT' && stalls.get() === 1) Atomics.wait(nobody, 0, 0, Number(process.env.STALL_MS));
  return exec.call(this, text);
};

process.on('SIGWINCH', () => stalls.set(1 - stalls.get()));
