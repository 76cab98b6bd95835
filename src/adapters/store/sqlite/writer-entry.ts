// The thread that writes a garden's database: what a disk takes its time for keeps nobody else waiting.
import { parentPort, workerData } from 'node:worker_threads';
import { WriterDesk } from './writer-desk.ts';
import type { WriterData, WriterRequest } from './writer-protocol.ts';

const desk = new WriterDesk(workerData as WriterData);
const port = parentPort;

port?.on('message', (request: WriterRequest) => {
  port.postMessage(desk.answer(request));
  if (request.kind === 'close') return port.close();
  const more = desk.rest();
  if (more !== null) port.postMessage(more);
});
