import type { NodeAPI } from 'node-red';
import { createSteadyClock } from '../../src/adapters/clock/system-clock.ts';
import { createTimetables } from '../../src/adapters/clock/timetable.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { fieldError } from '../../src/domain/errors.ts';
import type { JobStep } from '../../src/domain/job/job.ts';
import { JobRunner } from '../../src/domain/runner/job-runner.ts';
import type { Store } from '../../src/domain/store.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { optionalGarden } from '../shared/find-garden.ts';
import type { JobEventMessage, StepMessage } from '../shared/messages.ts';
import { onceStoreAnswers } from '../shared/store-patience.ts';
import { type JobRunnerConfig, parseJobRunner } from './config.ts';
import { jobId, longestMsOf, ownerToCancel, parseJobRequest, reasonOf } from './job-request.ts';
import { isOff, ownerOf, plainRequest, plainStep } from './plain-message.ts';

type Message = Readonly<Record<string, unknown>>;

export default function register(RED: NodeAPI): void {
  defineNode<JobRunnerConfig, NodeService>(RED, { type: 'ripe-job-runner', parse: parseJobRunner, start });
}

async function start(context: NodeContext<JobRunnerConfig>): Promise<NodeService> {
  const { RED, config, status } = context;
  status('busy', 'starting');
  const garden = optionalGarden(RED, config.garden);
  const presence = garden?.attendance.attend('runner');
  try {
    const store = await openStore(garden, config.file, context.closing);
    const runner = createRunner(context, store, garden);
    await onceStoreAnswers(context, () => runner.start());
    showCount(context, runner);
    const leave = garden?.live.run(runner);
    return {
      input: (message) =>
        isPlain(message, config, garden) ? startPlain(runner, message, config) : take(runner, message),
      async stop() {
        presence?.leaving();
        leave?.();
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

async function openStore(garden: Garden | undefined, file: string, closing: AbortSignal): Promise<Store> {
  if (garden !== undefined) {
    await garden.ready;
    return garden.store;
  }
  const store = createSqliteStore({ file });
  // On a full disk it may be waited for.
  const giveUp = () => void store.close();
  closing.addEventListener('abort', giveUp);
  await store.open();
  closing.removeEventListener('abort', giveUp);
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
    supplies: garden?.supplies ?? context.config.supplies,
    step: (step) => context.send(stepMessage(step, context.config, garden)),
    event(payload) {
      context.send(undefined, { topic: `job/${payload.event}`, payload } satisfies JobEventMessage);
      showCount(context, runner);
    },
  });
  return runner;
}

/** In a garden the runtime takes every step, whatever the dialog says. */
function stepMessage(step: JobStep, config: JobRunnerConfig, garden: Garden | undefined): object {
  if (garden === undefined && config.sends === 'payload') return plainStep(step, config);
  return { topic: 'job/step', payload: step } satisfies StepMessage;
}

function showCount({ status }: NodeContext<JobRunnerConfig>, runner: JobRunner): void {
  const jobs = runner.runningJobs;
  if (jobs > 0) status('ok', 'running', { jobs });
  else status('idle', 'idle');
}

/** Alone, a runner with a duration takes any message that is not meant as a job. */
function isPlain({ topic }: Message, { durationMs }: JobRunnerConfig, garden: Garden | undefined): boolean {
  const isJob = typeof topic === 'string' && topic.startsWith('job/');
  return garden === undefined && durationMs !== null && !isJob;
}

async function startPlain(runner: JobRunner, message: Message, config: JobRunnerConfig): Promise<void> {
  if (isOff(message)) runner.cancelOf(ownerOf(message), 'off');
  else await runner.request(plainRequest(message, config, Date.now()));
}

async function take(runner: JobRunner, { topic, payload }: Message): Promise<void> {
  switch (topic) {
    case 'job/start':
      return runner.request(parseJobRequest(payload, Date.now()));
    case 'job/cancel':
      return cancel(runner, payload);
    case 'job/cut':
      return runner.cut(jobId(payload), longestMsOf(payload));
    case 'job/delivered':
      return runner.delivered(jobId(payload));
    case 'job/sync':
      return runner.sync();
    default:
      throw fieldError('topic', 'must be job/start, job/cancel, job/cut, job/delivered or job/sync');
  }
}

/** By the id of the job, or by the actuator whose job is to end. */
function cancel(runner: JobRunner, payload: unknown): void {
  const owner = ownerToCancel(payload);
  if (owner === null) runner.cancel(jobId(payload), reasonOf(payload));
  else runner.cancelOf(owner, reasonOf(payload));
}
