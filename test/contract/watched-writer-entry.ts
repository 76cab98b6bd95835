// The thread that writes, with a test that looks over its shoulder.
import { workerData } from 'node:worker_threads';
import { WatchedWriter } from './watched-writer.ts';

new WatchedWriter((workerData as { watched: SharedArrayBuffer }).watched).watch();
await import('../../src/adapters/store/sqlite/writer-entry.ts');
