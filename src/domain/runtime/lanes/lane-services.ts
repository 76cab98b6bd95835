import type { AgentTypes } from '../../agent/agent-host.ts';
import type { OwnLimits } from '../../job/limits.ts';
import type { DecisionRecord, Store } from '../../store.ts';
import type { Clock, Timetable } from '../../time/clock.ts';
import type { Log, RuntimeWires } from '../ports.ts';
import type { Publisher } from '../publishing/publisher.ts';
import type { AgentLane } from './agent-lane.ts';
import type { JobHandoff } from './job-handoff.ts';

/** What all agents of a garden share. */
export interface LaneServices {
  readonly store: Store;
  readonly agentTypes: AgentTypes;
  readonly clock: Clock;
  readonly wires: RuntimeWires;
  readonly log: Log;
  readonly publisher: Publisher;
  readonly handoff: JobHandoff;
  readonly wakeUps: Timetable<AgentLane>;
  /** When a held value has to go, whatever its agent says. */
  readonly holdEnds: Timetable<AgentLane>;
  /** What the owner of the garden has tightened for all agents. */
  readonly limits: OwnLimits;
  newId(): string;
  decided(decision: DecisionRecord): void;
}
