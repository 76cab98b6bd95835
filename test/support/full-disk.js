// Loaded into a RIPE before anything else (`node --import`): no commit finds room, as on a disk that is full to the last byte,
// from the start where DISK_IS_FULL is 1; each SIGWINCH turns that over.
import { DatabaseSync } from 'node:sqlite';
import { SharedNumber } from '../../scripts/chaos/preload/shared-number.js';

const SQLITE_FULL = 13;
const { exec } = DatabaseSync.prototype;
const isFull = new SharedNumber('full disk', Number(process.env.DISK_IS_FULL ?? 0));

DatabaseSync.prototype.exec = function (text) {
  if (text !== 'COMMIT' || isFull.get() === 0) return exec.call(this, text);
  const codes = { code: 'ERR_SQLITE_ERROR', errcode: SQLITE_FULL };
  throw Object.assign(new Error('database or disk is full'), codes);
};

process.on('SIGWINCH', () => isFull.set(1 - isFull.get()));
