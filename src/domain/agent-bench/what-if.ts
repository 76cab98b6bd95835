import type { AgentType } from '../agent/agent-contract.ts';
import type { AgentSource } from '../agent/agent-host.ts';
import type { AnySettings } from '../agent/settings-controls.ts';
import type { Reading } from '../reading/reading.ts';
import type { TimeRange } from '../store.ts';
import { AgentBench } from './agent-bench.ts';

/** What an agent did, or would have done, with its actuator; times are ms UTC. */
export interface Behaviour {
  /** While the actuator was not neutral. */
  readonly spans: readonly TimeRange[];
}

/** One version of an agent type. */
export interface VersionName {
  readonly agentName: string;
  readonly version: string;
  readonly source: AgentSource;
}

/** What a sensor has recorded, and with which settings an agent is to be tried on that. */
export interface Trial {
  readonly settings: AnySettings;
  readonly range: TimeRange;
  /** Oldest first. */
  readonly readings: readonly Reading[];
}

export interface WhatIfQuestion extends Trial, VersionName {}

/**
 * What an agent of this type would have done with recorded readings: it is asked about each at its time, its jobs run to their
 * end, it is woken when it wants to be. Hard limits other than the longest run are not played, nor is what its water would
 * have changed in the readings.
 */
export function replay(type: AgentType<unknown, object>, { settings, range, readings }: Trial): Behaviour {
  const bench = new AgentBench(type, { settings, now: range.from });
  bench.start();
  for (const reading of readings) {
    if (reading.timestamp < bench.now || reading.timestamp >= range.until) continue;
    bench.passTo(reading.timestamp).read(reading);
    // Of weeks, they would fill the memory.
    bench.decisions.length = 0;
  }
  bench.passTo(range.until);
  return { spans: spansOf(bench.sent, type.neutral, range.until) };
}

function spansOf(
  sent: readonly { readonly at: number; readonly value: number }[],
  neutral: number,
  until: number,
): TimeRange[] {
  const spans: TimeRange[] = [];
  let from: number | null = null;
  for (const { at, value } of sent) {
    if (value !== neutral) from ??= at;
    else if (from !== null) {
      spans.push({ from, until: at });
      from = null;
    }
  }
  return from === null ? spans : [...spans, { from, until }];
}
