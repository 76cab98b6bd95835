import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { LiveGarden } from '../../src/adapters/garden/live-garden.ts';
import { fieldError } from '../../src/domain/errors.ts';
import type { ForceOrder } from '../../src/domain/job/force.ts';
import type { ForceTarget } from '../../src/domain/runtime/forcing.ts';
import type { OneSensor } from '../../src/domain/sensor/sensor-choice.ts';
import { parseDuration } from '../../src/domain/wires/duration.ts';
import { ACTIONS, type ForceConfig, type TypedValue } from './config.ts';

type Message = NodeMessage & Readonly<Record<string, unknown>>;

/** Where typed values are found. */
export interface Place {
  readonly RED: NodeAPI;
  readonly node: Node;
}

const LONGEST_S = 86_400;
/** Payloads that switch off, however the dialog is set. 0 is a value to hold. */
const OFF: readonly unknown[] = [false, 'off', 'stop'];

/** What a message orders: as the dialog says, unless the message says it otherwise. */
export async function orderOf(message: Message, config: ForceConfig, place: Place): Promise<ForceOrder> {
  const action = actionOf(message, config);
  const isOff = message['reset'] !== undefined || OFF.includes(message.payload);
  if (action === 'stop' || isOff || (action === 'run' && message.payload === 0)) return { action: 'stop' };
  if (action === 'hold') return { action, value: await numberFrom('value', config.value, message, place) };
  return { action, runMs: await durationFrom(message, config, place) };
}

function actionOf(message: Message, config: ForceConfig): ForceOrder['action'] {
  const { action = config.action } = message;
  if (ACTIONS.includes(action as never)) return action as ForceOrder['action'];
  throw fieldError('action', `must be one of ${ACTIONS.join(', ')}`);
}

/** `delay` (ms) as of other timers, a payload as people write it (`5 min`), or what the dialog says, in seconds. */
async function durationFrom(message: Message, { duration }: ForceConfig, place: Place): Promise<number> {
  const { delay, payload } = message;
  if (delay !== undefined) return bounded('delay', delay, 1_000, LONGEST_S * 1_000, 'ms');
  const written = typeof payload === 'string' ? parseDuration(payload) : undefined;
  if (written !== undefined) return bounded('payload', written, 1_000, LONGEST_S * 1_000, 'ms');
  const found = await valueFrom(duration, message, place);
  const text = typeof found === 'string' ? parseDuration(found) : undefined;
  const seconds = text === undefined ? found : text / 1_000;
  return Math.round(bounded('duration', seconds, 1, LONGEST_S, 'seconds') * 1_000);
}

function bounded(field: string, value: unknown, least: number, most: number, unit: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && number >= least && number <= most) return number;
  throw fieldError(field, `must be from ${least} to ${most} ${unit}`);
}

async function numberFrom(field: string, from: TypedValue, message: Message, place: Place): Promise<number> {
  const value = await valueFrom(from, message, place);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw fieldError(field, 'must be a number');
}

function valueFrom({ value, type }: TypedValue, message: Message, { RED, node }: Place): Promise<unknown> {
  return new Promise((resolve, reject) => {
    RED.util.evaluateNodeProperty(value, type, node, message, (error, found) => {
      if (error) reject(error);
      else resolve(found);
    });
  });
}

/** Whose actuator a message means; an error says what is missing. */
export function targetOf(message: Message, config: ForceConfig, live: LiveGarden): ForceTarget {
  const domain = config.domain ?? message['domain'];
  if (typeof domain !== 'string' || domain.trim() === '') throw fieldError('domain', 'names no agent');
  return { sensor: live.theSensor(config.sensor ?? sensorIn(message)).id, domain: domain.trim() };
}

/** `msg.sensor`: an id, as a ripe-sensor sends it, or a name. */
function sensorIn({ sensor }: Message): OneSensor {
  if (Number.isInteger(sensor)) return { of: 'one', id: sensor as number };
  if (typeof sensor === 'string' && sensor.trim() !== '') return { of: 'named', pattern: sensor };
  throw fieldError('sensor', 'is missing: msg.sensor is the id or the name of one');
}
