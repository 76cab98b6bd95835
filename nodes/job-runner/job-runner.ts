import type { NodeAPI } from 'node-red';
import { createSteadyClock } from '../../src/adapters/clock/system-clock.ts';
import { createTimetables } from '../../src/adapters/clock/timetable.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { JobRunner } from '../../src/domain/runner/job-runner.ts';
import type { Store } from '../../src/domain/store.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { optionalGarden } from '../shared/find-garden.ts';
import type { JobEventMessage, StepMessage } from '../shared/messages.ts';
import { type JobRunnerConfig, parseJobRunner } from './config.ts';
import { jobId, parseJobRequest, reasonOf } from './job-request.ts';

export default function register(RED: NodeAPI): void {
  defineNode<JobRunnerConfig, NodeService>(RED, { type: 'ripe-job-runner', parse: parseJobRunner, start });
}

async function start(context: NodeContext<JobRunnerConfig>): Promise<NodeService> {
  const { RED, config, status } = context;
  status('busy', 'starting');
  const garden = optionalGarden(RED, config.garden);
  const presence = garden?.attendance.attend('runner');
  try {
    const store = await openStore(garden, config.file);
    const runner = createRunner(context, store, garden);
    await runner.start();
    showCount(context, runner);
    return {
      input: (message) => take(runner, message),
      async stop() {
        presence?.leaving();
        await garden?.attendance.gone('runtime');
        runner.stop();
        if (garden === undefined) await store.close();
        presence?.left();
      },
    };
  } catch (error) {
    presence?.left();
    throw error;
  }
}

async function openStore(garden: Garden | undefined, file: string): Promise<Store> {
  if (garden !== undefined) {
    await garden.ready;
    return garden.store;
  }
  const store = createSqliteStore({ file });
  await store.open();
  return store;
}

function createRunner(
  context: NodeContext<JobRunnerConfig>,
  store: Store,
  garden: Garden | undefined,
): JobRunner {
  const clock = createSteadyClock();
  const runner: JobRunner = new JobRunner({
    store,
    clock,
    timetable: createTimetables(clock),
    waitsForDelivery: garden !== undefined,
    supplies: garden?.supplies ?? {},
    step: (payload) => context.send({ topic: 'job/step', payload } satisfies StepMessage),
    event(payload) {
      context.send(undefined, { topic: `job/${payload.event}`, payload } satisfies JobEventMessage);
      showCount(context, runner);
    },
  });
  return runner;
}

function showCount({ status }: NodeContext<JobRunnerConfig>, runner: JobRunner): void {
  const jobs = runner.runningJobs;
  if (jobs > 0) status('ok', 'running', { jobs });
  else status('idle', 'idle');
}

async function take(runner: JobRunner, { topic, payload }: Record<string, unknown>): Promise<void> {
  switch (topic) {
    case 'job/start':
      return runner.request(parseJobRequest(payload, Date.now()));
    case 'job/cancel':
      return runner.cancel(jobId(payload), reasonOf(payload));
    case 'job/delivered':
      return runner.delivered(jobId(payload));
    case 'job/sync':
      return runner.sync();
    default:
      throw fieldError('topic', 'must be job/start, job/cancel, job/delivered or job/sync');
  }
}
