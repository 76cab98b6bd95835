import type { RuntimeEvent } from '../../src/domain/runtime/events.ts';
import type { RuntimeWires } from '../../src/domain/runtime/ports.ts';
import type { NodeContext } from '../shared/define-node.ts';
import type { JobMessage, PublishMessage } from '../shared/messages.ts';
import { createPace } from './paced.ts';

/** Outputs, counted from 0. */
const JOBS = 1;
const EVENTS = 3;

/** The runtime's outputs: commands, jobs, replies over HTTP, events; the fifth is for answers to calls of own. `tell`: the garden hears of events whatever is wired. */
export function createWires(
  { send, isHeard, isNext }: NodeContext<unknown>,
  tell: (event: RuntimeEvent) => void,
): RuntimeWires {
  const sendJob = (message: JobMessage) => send(undefined, message);
  const pace = createPace();
  return {
    publish({ payload, ...publication }) {
      const bytes = payload instanceof Uint8Array ? Buffer.from(payload) : payload;
      const message: PublishMessage = { ...publication, payload: bytes };
      pace.run(() => send(message));
    },
    startJob: (payload) => sendJob({ topic: 'job/start', payload }),
    isRunnerNext: () => isNext(JOBS, 'ripe-job-runner'),
    cancelJob: (job, reason) => sendJob({ topic: 'job/cancel', payload: { job, reason } }),
    cutJob: (job, longestMs) => sendJob({ topic: 'job/cut', payload: { job, longestMs } }),
    syncJobs: () => sendJob({ topic: 'job/sync' }),
    jobDelivered: (job) => sendJob({ topic: 'job/delivered', payload: { job } }),
    event(event) {
      tell(event);
      if (!isHeard(EVENTS)) return;
      const { kind, ...payload } = event;
      const message = { topic: `sensor/${payload.sensor}/${kind}`, payload };
      pace.run(() => send(undefined, undefined, undefined, message));
    },
  };
}
