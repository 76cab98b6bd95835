/** The messages on RIPE's wires, as documented in docs/messages.md. Every one is an ordinary Node-RED message. */
import type { AgentEvent } from '../../src/domain/agent/agent-contract.ts';
import type { AgentSource, AnyView } from '../../src/domain/agent/agent-host.ts';
import type { ForceOutcome } from '../../src/domain/job/force.ts';
import type { JobEvent, JobRequest, JobStep } from '../../src/domain/job/job.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Reading } from '../../src/domain/reading/reading.ts';
import type { RuntimeEvent } from '../../src/domain/runtime/events.ts';

export type QoS = 0 | 1 | 2;

/** What MQTT 5 says about a message, named as Node-RED's own MQTT nodes do; 3.1.1 brokers never learn it. */
export interface MessageProperties {
  contentType?: string;
  responseTopic?: string;
  correlationData?: Buffer;
  userProperties?: Record<string, string | string[]>;
  /** Seconds. */
  messageExpiryInterval?: number;
}

/**
 * Into ripe-broker-pool. A topic `sensor/<channel>/<id>` gets its key level from the pool's garden. What is absent is
 * as the dialog says.
 */
export interface PublishMessage extends MessageProperties {
  topic?: string;
  payload: Buffer | string | number | boolean | object;
  qos?: QoS;
  retain?: boolean;
  /** Another name for messageExpiryInterval, and before it. */
  expiry?: number;
  /** Echoed in the delivery report; without it none is sent. */
  delivery?: Json;
}

/** Into ripe-broker-pool: changes what it is subscribed to, or asks for it. */
export type TopicControlMessage =
  | { action: 'subscribe'; topic: string | (string | { topic: string; qos?: QoS })[]; qos?: QoS }
  | { action: 'unsubscribe'; topic: string | string[] | true }
  | { action: 'getSubscriptions' };

/** Output 1 of ripe-broker-pool. */
export interface ReceivedMessage extends MessageProperties {
  topic: string;
  /** A Buffer of a sensor's topic in a garden, and else what the dialog says. */
  payload: unknown;
  qos: QoS;
  retain: boolean;
  /** The name of the broker that delivered it. */
  broker: string;
  /** With ackAfterCommit: the pool acknowledges the message after the runtime has got this, and has it on disk. */
  receipt?: number;
}

/** Output 2 of ripe-broker-pool: `broker/connected` comes once the pool has subscribed there. */
export interface BrokerMessage {
  topic: 'broker/connected' | 'broker/disconnected' | 'broker/failed' | 'broker/rival';
  /** `broker/rival`: another RIPE commands this garden, there. `restored`: others were in service meanwhile, and the pool has given it what brokers retain. */
  payload: {
    broker: string;
    at: number;
    reason?: string;
    restored?: true;
    instance?: string;
    epoch?: number;
  };
}

/** Output 2 of ripe-broker-pool: the broker has acknowledged the message that carried this `delivery`, or not. */
export interface DeliveryMessage {
  topic: 'delivery';
  payload: { delivery: Json; ok: boolean; at: number; reason?: string };
}

/** Output 2 of ripe-broker-pool: the answer to `getSubscriptions`, with all else that its message held. */
export interface SubscriptionsMessage {
  topic: 'subscriptions';
  payload: { topic: string; qos: QoS }[];
}

/** Output 2 of ripe-sensor-runtime, input of ripe-job-runner. */
export type JobMessage =
  | { topic: 'job/start'; payload: JobRequest }
  | { topic: 'job/cancel'; payload: { job: string; reason: string } }
  /** A limit has become tighter: so long after its start, waits not counted, the job is over. */
  | { topic: 'job/cut'; payload: { job: string; longestMs: number } }
  /** The job's last step has reached the broker: the job may close. */
  | { topic: 'job/delivered'; payload: { job: string } }
  /** A runtime has started: how does every open job stand? */
  | { topic: 'job/sync' };

/** Output 1 of ripe-job-runner. */
export interface StepMessage {
  topic: 'job/step';
  payload: JobStep;
}

/** Output 2 of ripe-job-runner: `job/started`, `job/finished`, `job/cancelled`, `job/refused`, … */
export interface JobEventMessage {
  topic: `job/${JobEvent['event']}`;
  payload: JobEvent;
}

/** Output of ripe-plugin-loader. */
export interface PluginMessage {
  topic:
    | 'plugin/loaded'
    | 'plugin/updated'
    | 'plugin/failed'
    | 'plugin/retired'
    | 'plugin/rolledBack'
    | 'plugin/pinned'
    | 'plugin/unpinned';
  payload: {
    name: string;
    version: string | null;
    plugin: string;
    source: AgentSource;
    former?: string;
    reason?: string;
  };
}

/** Output of ripe-agent-in. Its answer is this message with another `payload`, at ripe-agent-out. */
export interface QuestionMessage {
  topic: `agent/${AgentEvent['type']}`;
  payload: AgentEvent;
  view: AnyView;
  /** The agent type that is asked. */
  agentName: string;
  /** Whose answer it is: private to RIPE, and kept by every node that changes a message. */
  _question: string;
}

/** Input of ripe-agent-out. */
export interface AnswerMessage {
  payload?: null | boolean | number | string | object;
  because?: string | object;
  _question: string;
}

/** Output of ripe-embedded-broker. */
export interface ClientMessage {
  topic: 'client/connected' | 'client/disconnected' | 'client/refused';
  payload: { client: string; address: string; at: number; reason?: string };
}

/** Outputs of ripe-sensor: readings on the first, commands on the second, everything else on the third. */
export interface SensorMessage {
  topic: `sensor/${number}/${RuntimeEvent['kind']}`;
  /** The id of the sensor. */
  sensor: number;
  name: string;
  /** A reading or one figure of it; else the payload of the runtime's events. */
  payload: Reading | number | object;
}

/** Output of ripe-force: what has become of the order, with all else that its message held. */
export interface ForceMessage {
  topic:
    | 'force/queued'
    | 'force/started'
    | 'force/held'
    | 'force/stopped'
    | 'force/finished'
    | 'force/cancelled'
    | 'force/refused';
  payload: ForceOutcome;
}
