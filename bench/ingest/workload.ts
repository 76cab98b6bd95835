import { sensorTopic } from '../../src/domain/broker/topics.ts';
import { keyOf } from '../cases/filled-store.ts';

/** Of a hundred readings of a sensor one finds its plant dry. */
const DRY_EVERY = 100;
const DRY = 5;
/** Below it a plant is dry: what the programs that RIPE is compared with look at. */
export const LIMIT = 20;

export type Qos = 0 | 1 | 2;

/** The topic of each sensor's readings; sensors are numbered from 1. */
export function dataTopics(sensors: number): string[] {
  return Array.from({ length: sensors }, (_, index) => sensorTopic('data', index + 1, keyOf(index + 1)));
}

/** The `count`th reading of all: the sensors have their turns, and it is another one's turn to be dry in each round. */
export function readingText(count: number, sensors: number): string {
  const round = Math.floor(count / sensors);
  const moisture = (count + round) % DRY_EVERY === 0 ? DRY : 40 + (round % 20);
  return `{"battery":87,"moisture":${moisture},"temperature":21.5,"humidity":55}`;
}
