import type { AgentTypes } from '../agent/agent-host.ts';
import type { PluginControl } from '../agent/plugin.ts';
import type { Behaviour, WhatIfQuestion } from '../agent-bench/what-if.ts';
import type { Broker, BrokerStanding } from '../broker/broker.ts';
import type { Envelope } from '../command/envelope.ts';
import type { JobRequest } from '../job/job.ts';
import type { OwnLimits } from '../job/limits.ts';
import type { Capacities } from '../runner/supplies.ts';
import type { KeyRing } from '../sensor/keys.ts';
import type { Store } from '../store.ts';
import type { Clock, TimetableFactory } from '../time/clock.ts';
import type { RuntimeEvent } from './events.ts';
import type { HomeAssistantPorts } from './home/home-ports.ts';

/** A message for the pool: a command vector, or an envelope. `delivery` comes back in its delivery report. */
export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array | Envelope;
  readonly retain: boolean;
  readonly qos: 1 | 2;
  /** How long a broker may keep it, in seconds; absent: for ever. */
  readonly expiry?: number;
  readonly delivery: Delivery;
}

/** Identifies what was published: every later vector, or envelope, of the same sensor supersedes it. */
export type Delivery = {
  readonly sensor: number;
  readonly sequence: number;
  /** The id of the envelope that it is; absent: it is a vector. */
  readonly envelope?: string;
};

/** The wires that leave the runtime. */
export interface RuntimeWires {
  publish(publication: Publication): void;
  startJob(request: JobRequest): void;
  /** Whether nobody but the job-runner would see a job that is sent now. */
  isRunnerNext(): boolean;
  cancelJob(job: string, reason: string): void;
  /** So long after its start, waits for its supply not counted, the job is to be over. */
  cutJob(job: string, longestMs: number): void;
  jobDelivered(job: string): void;
  /** Asks how every open job stands. */
  syncJobs(): void;
  event(event: RuntimeEvent): void;
}

/** Log lines name the sensor and agent, and never contain a key. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** Everything outside the domain that a runtime needs. */
export interface RuntimePorts {
  readonly store: Store;
  readonly agentTypes: AgentTypes;
  readonly plugins: PluginControl;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly timetable: TimetableFactory;
  readonly wires: RuntimeWires;
  readonly log: Log;
  /** Lines in the log ring of each sensor. */
  readonly logLines: number;
  /** Hard limits for all agents of this garden, on top of what their types say. */
  readonly limits?: OwnLimits;
  /** The present epoch, see Envelope. */
  epoch(): number;
  newId(): string;
  newKey(): string;
  /** What clients are told: the broker in service, empty while there is none (protocol §4.1). */
  brokers(requestHost: string): Broker[];
  /** Every broker of the garden, whether it serves or not. */
  brokerStandings(): BrokerStanding[];
  /** What Prometheus is told, in its text format. */
  metrics(): Promise<string>;
  /** How many jobs each supply can serve at once. */
  readonly supplies: Capacities;
  /** Replays recorded readings, somewhere else than in this thread. */
  whatIf(question: WhatIfQuestion): Promise<Behaviour>;
  /** Where Home Assistant is to see the garden. */
  readonly homeAssistant?: HomeAssistantPorts;
  /** Settles as the promise does, or rejects after `ms`. */
  within<Value>(promise: Promise<Value>, ms: number): Promise<Value>;
}
