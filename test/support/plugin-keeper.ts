// A process that has plugins, as RIPE is one: `node plugin-keeper.ts <file>… [--ask]`. It says `ready` when all are loaded
// and, with --ask, when each has been asked something; whoever starts it ends it, or it ends when nothing is left to do.
import path from 'node:path';
import { createWorkerHost } from '../../src/adapters/agents/worker/worker-host.ts';
import { forced, view } from '../unit/adapters/agents/agents-support.ts';

const files = process.argv.slice(2).filter((arg) => arg !== '--ask');
const isAsking = process.argv.includes('--ask');

const hosts = await Promise.all(
  files.map((file) =>
    createWorkerHost({ file, folder: path.dirname(file) }, 'folder', { deadlineMs: 60_000 }),
  ),
);
if (isAsking) {
  for (const host of hosts) void Promise.resolve(host.decide(forced(2), view())).catch(() => undefined);
  // They are not to be asked by a process that does nothing else any more.
  setInterval(() => undefined, 1_000);
}
console.log('ready');
