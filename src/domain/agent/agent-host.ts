import type { Json } from '../json.ts';
import type { AgentEvent, AgentView, Because, Decision, Explanations, Limits } from './agent-contract.ts';
import type { AgentUi } from './agent-ui.ts';
import type { AnyControls, AnySettings } from './settings-controls.ts';

export type AnyView = AgentView<Json, AnySettings>;
export type AnyDecision = Decision<Json>;
export type Awaitable<Value> = Value | Promise<Value>;

/** Where an agent type's code came from. */
export type AgentSource = 'shipped' | 'folder' | 'palette' | 'wires';

/**
 * One loaded version of an agent type, wherever its code runs. Shipped types answer at once; others answer when
 * their worker does. Answers are checked: whatever comes back has the shape that the contract promises.
 */
export interface AgentHost {
  readonly name: string;
  readonly version: string;
  readonly source: AgentSource;
  readonly settings: AnyControls;
  readonly neutral: number;
  readonly limits: Limits;
  readonly explanations: Explanations;
  start(settings: AnySettings): Awaitable<Json>;
  decide(event: AgentEvent, view: AnyView): Awaitable<AnyDecision>;
  /** `reason`: why the agent decided as it did last; agent types keep what they want to tell in their state. */
  render(view: AnyView, reason?: Because | null): Awaitable<AgentUi>;
  migrate(state: Json, fromVersion: string): Awaitable<Json>;
  /** Why this version was taken out of service for its misbehaviour; absent while nobody has to complain. */
  readonly condemned?: string | null;
  stop(): void;
}

/** A version of an agent type whose code is kept, whether it decides now or not. */
export type KeptVersion = Pick<AgentHost, 'version' | 'source' | 'settings'>;

/** The agent types that are loaded now. */
export interface AgentTypes {
  /** The version in service: the one that new decisions ask. */
  get(name: string): AgentHost | undefined;
  names(): string[];
  /** Every version whose code is kept, the one in service first. Of what is made of wires no code is. */
  versions(name: string): KeptVersion[];
  /** An earlier version that was kept, for an agent whose state fits no other. */
  earlier(name: string, version: string): Promise<AgentHost | undefined>;
  /** The safe value of an agent type that may not be loaded now: as it said when it last was; else 0. */
  neutralOf(name: string): number;
  /** Somebody works with this version: it runs until it is released, whatever is in service meanwhile. */
  hold(host: AgentHost): void;
  release(host: AgentHost): void;
}
