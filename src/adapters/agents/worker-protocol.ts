import type { AgentEvent } from '../../domain/agent-contract.ts';
import type { AnyView } from '../../domain/agent-host.ts';
import type { Json } from '../../domain/json.ts';
import type { AnySettings } from '../../domain/settings-controls.ts';

/** A call of an agent type that lives in a worker. */
export type AgentCall =
  | { readonly fn: 'start'; readonly settings: AnySettings }
  | { readonly fn: 'decide'; readonly event: AgentEvent; readonly view: AnyView }
  | { readonly fn: 'render'; readonly view: AnyView }
  | { readonly fn: 'migrate'; readonly state: Json; readonly fromVersion: string };

/** What a worker is started with. */
export interface WorkerData {
  readonly file: string;
  /** The memory of a `RunningCall`. */
  readonly running: SharedArrayBuffer;
}

export interface CallMessage {
  readonly id: number;
  readonly call: AgentCall;
}

/** What the worker says: once what the module describes (or why it cannot), then an answer per call, in order. */
export type WorkerMessage =
  | { readonly described: unknown }
  | { readonly failed: string }
  | { readonly id: number; readonly result: unknown }
  /** `isOver`: this worker is not to be asked again. */
  | { readonly id: number; readonly error: string; readonly isOver?: true };
