import type { AgentEvent } from '../../../domain/agent/agent-contract.ts';
import type { AnyView } from '../../../domain/agent/agent-host.ts';
import type { AnySettings } from '../../../domain/agent/settings-controls.ts';
import type { Trial } from '../../../domain/agent-bench/what-if.ts';
import type { Json } from '../../../domain/json.ts';

/** A call of an agent type that lives in a worker. */
export type AgentCall =
  | { readonly fn: 'start'; readonly settings: AnySettings }
  | { readonly fn: 'decide'; readonly event: AgentEvent; readonly view: AnyView }
  | { readonly fn: 'render'; readonly view: AnyView }
  | { readonly fn: 'migrate'; readonly state: Json; readonly fromVersion: string };

/** A whole replay is one call: its thousands of decisions cross no boundary. */
export interface ReplayCall extends Trial {
  readonly fn: 'replay';
}

export interface CallMessage {
  readonly id: number;
  readonly call: AgentCall | ReplayCall;
}

/** What the worker says: once what the module describes (or why it cannot), then an answer per call, in order. */
export type WorkerMessage =
  | { readonly described: unknown }
  | { readonly failed: string }
  /** A line that the plugin writes to its console. */
  | { readonly log: string }
  | { readonly id: number; readonly result: unknown }
  /** `isOver`: this worker is not to be asked again. */
  | { readonly id: number; readonly error: string; readonly isOver?: true };

/** What a process says beside that, since it shares no memory: which call begins, and when; and why it ends. */
export type ProcessMessage =
  | WorkerMessage
  /** Both in ms: a time of the clock that all processes share, and what this one has had of a processor by then. */
  | { readonly begins: number; readonly sinceMs: number; readonly cpuMs: number }
  | { readonly ends: string };
