/**
 * The published contract of agent types: `import type { AgentType } from '@ripe-iot/node-red-ripe/agent'`.
 * Types only: a plugin needs nothing of RIPE at run time.
 */
export type {
  AgentEvent,
  AgentType,
  AgentView,
  Because,
  Cut,
  Decision,
  EndedJob,
  Explanations,
  JobOutcome,
  LimitName,
  Limits,
  RunningJob,
} from './domain/agent/agent-contract.ts';
export type { AgentUi, Decorator, UiState } from './domain/agent/agent-ui.ts';
export type { Control, Controls, DayTime, Text } from './domain/agent/settings-controls.ts';
export type { Plan, Step } from './domain/job/plan.ts';
export type { Metric, MetricValues, Reading } from './domain/reading/reading.ts';
export type { Locale } from './domain/time/zones.ts';
