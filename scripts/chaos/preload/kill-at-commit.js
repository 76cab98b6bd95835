// Loaded into a RIPE before anything else (`node --import`): after SIGWINCH it is killed right after its next commit, or
// the one after so many (CHAOS_COMMITS). What has just been stored is then all that anybody knows of it.
import { DatabaseSync } from 'node:sqlite';
import { SharedNumber } from './shared-number.js';

const { exec } = DatabaseSync.prototype;
const left = new SharedNumber('chaos: commits', 0x7fffffff);

DatabaseSync.prototype.exec = function (text) {
  exec.call(this, text);
  if (text === 'COMMIT' && left.countDown() <= 0) process.kill(process.pid, 'SIGKILL');
};

process.on('SIGWINCH', () => left.set(Number(process.env.CHAOS_COMMITS)));
