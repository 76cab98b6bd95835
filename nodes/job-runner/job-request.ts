import { randomUUID } from 'node:crypto';
import { fieldError } from '../../src/domain/errors.ts';
import type { JobRequest } from '../../src/domain/job/job.ts';
import { parsePlan } from '../../src/domain/job/plan.ts';
import { isObject } from '../../src/domain/json.ts';

const LONGEST_NAME = 300;

/** A job as the wire asks for it; throws an error naming the field. What only RIPE's runtime knows has defaults. */
export function parseJobRequest(payload: unknown, now: number): JobRequest {
  if (!isObject(payload)) throw fieldError('payload', 'must be an object with owner and plan');
  const { id, owner, neutral = 0, createdAt, startsAt, sensor, domain } = payload;
  if (!Number.isInteger(neutral)) throw fieldError('neutral', 'must be a whole number');
  return {
    id: id === undefined ? randomUUID() : nameField('id', id),
    owner: nameField('owner', owner),
    plan: parsePlan(payload['plan'], neutral as number),
    neutral: neutral as number,
    createdAt: typeof createdAt === 'number' ? createdAt : now,
    ...(Number.isSafeInteger(startsAt) ? { startsAt: startsAt as number } : {}),
    ...(Number.isInteger(sensor) ? { sensor: sensor as number } : {}),
    ...(typeof domain === 'string' ? { domain } : {}),
    ...objectsOf(payload, 'because', 'cut'),
  } as JobRequest;
}

/** What only people read: it is kept as it came. */
function objectsOf(payload: Readonly<Record<string, unknown>>, ...names: string[]): object {
  return Object.fromEntries(
    names.filter((name) => isObject(payload[name])).map((name) => [name, payload[name]]),
  );
}

/** The id of a job in a cancel or delivery message. */
export function jobId(payload: unknown): string {
  return nameField('job', isObject(payload) ? payload['job'] : undefined);
}

/** The actuator whose job is to be cancelled, where the message names that instead of the job. */
export function ownerToCancel(payload: unknown): string | null {
  if (!isObject(payload) || payload['job'] !== undefined || payload['owner'] === undefined) return null;
  return nameField('owner', payload['owner']);
}

/** How long after its start a job is to be over, in ms. */
export function longestMsOf(payload: unknown): number {
  const longestMs = isObject(payload) ? payload['longestMs'] : undefined;
  if (typeof longestMs === 'number' && Number.isInteger(longestMs) && longestMs >= 0) return longestMs;
  throw fieldError('longestMs', 'must be a whole number of ms from 0');
}

export function reasonOf(payload: unknown): string {
  const reason = isObject(payload) ? payload['reason'] : undefined;
  return typeof reason === 'string' ? reason : 'cancelled';
}

function nameField(field: string, value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME) return value;
  throw fieldError(field, `must be a text of 1 to ${LONGEST_NAME} characters`);
}
