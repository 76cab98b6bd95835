import type { AgentType } from '@ripe-iot/node-red-ripe/agent';
import percent from './percent/percent.ts';
import test from './test/test.ts';
import threshold from './threshold/threshold.ts';
import time from './time/time.ts';

/**
 * The agent types that RIPE ships. Their states and settings differ: who holds the list gives each type only what
 * that type itself made (`start`, `decide`) or declared (`settings`).
 */
export const shippedAgentTypes: readonly AgentType<unknown, unknown>[] = [threshold, time, percent, test];
