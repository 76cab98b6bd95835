// Loaded into a RIPE before anything else (`node --import`): after SIGWINCH it is killed right after its next commit, or
// the one after so many (CHAOS_COMMITS). What has just been stored is then all that anybody knows of it.
import { DatabaseSync } from 'node:sqlite';

const { exec } = DatabaseSync.prototype;
let left = Number.POSITIVE_INFINITY;

DatabaseSync.prototype.exec = function (text) {
  exec.call(this, text);
  if (text !== 'COMMIT') return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
};

process.on('SIGWINCH', () => {
  left = Number(process.env.CHAOS_COMMITS);
});
