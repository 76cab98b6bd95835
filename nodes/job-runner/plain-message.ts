import { randomUUID } from 'node:crypto';
import { fieldError } from '../../src/domain/errors.ts';
import type { JobRequest, JobStep } from '../../src/domain/job/job.ts';
import { runFor } from '../../src/domain/job/plan.ts';
import type { JobRunnerConfig } from './config.ts';

type Message = Readonly<Record<string, unknown>>;

const OFF: readonly unknown[] = [false, 0, 'off'];
const LONGEST_MS = 31_536_000_000;
const LONGEST_OWNER = 300;

/** Who never heard of jobs sends any message: one timer for each topic, as of Node-RED's trigger node. */
export const ownerOf = ({ topic }: Message): string =>
  typeof topic === 'string' && topic !== '' ? topic.slice(0, LONGEST_OWNER) : 'timer';

/** Whether a plain message ends the run instead of starting one: `reset`, or a payload that says off. */
export const isOff = (message: Message): boolean =>
  message['reset'] !== undefined || OFF.includes(message['payload']);

/** The run that a plain message asks for: as long as the dialog says, or `delay` (ms). */
export function plainRequest(message: Message, config: JobRunnerConfig, now: number): JobRequest {
  const { delay = config.durationMs } = message;
  if (typeof delay !== 'number' || !Number.isInteger(delay) || delay <= 0 || delay > LONGEST_MS)
    throw fieldError('delay', `must be a whole number of ms from 1 to ${LONGEST_MS}`);
  const plan = { ...runFor(delay), rule: config.rule };
  return { id: randomUUID(), owner: ownerOf(message), plan, neutral: 0, createdAt: now };
}

/** A step as an actuator wants it: the owner as topic, and a payload for on and off. */
export function plainStep(step: JobStep, { on, off }: Pick<JobRunnerConfig, 'on' | 'off'>): object {
  const payload = step.value === 1 ? on : step.value === 0 ? off : step.value;
  return { topic: step.owner, payload: structuredClone(payload), job: step };
}
