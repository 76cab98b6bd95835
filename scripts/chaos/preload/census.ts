// Loaded into a RIPE before anything else (`node --import`): SIGWINCH writes what there is in it into the file of
// CHAOS_CENSUS, see CensusTaker.
import { renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { CensusTaker } from '../support/census.ts';

const { CHAOS_CENSUS: file } = process.env;

// Processes and threads in which plugins are tried inherit the options of RIPE.
if (isMainThread && file !== undefined && process.send === undefined) {
  const taker = new CensusTaker();
  process.on('SIGWINCH', () => {
    writeFileSync(`${file}.new`, JSON.stringify(taker.take()));
    renameSync(`${file}.new`, file);
  });
}
