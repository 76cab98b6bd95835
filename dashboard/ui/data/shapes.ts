/** What RIPE answers, as docs/rest.md describes it. */

export const METRICS = [
  'moisture',
  'temperature',
  'humidity',
  'light',
  'conductivity',
  'carbon',
  'battery',
] as const;
export type Metric = (typeof METRICS)[number];
export type Values = Readonly<Record<Metric, number | null>>;

export interface Row extends Values {
  readonly timestamp: string;
}

/** Of 5 minutes, an hour or a day. */
export interface Bucket extends Readonly<Record<Metric, { min: number; mean: number; max: number } | null>> {
  readonly timestamp: string;
}

export type Phase = 'Executing' | 'Stopped' | 'Forced';
export type AgentState = 'Disabled' | 'Ready' | 'Error' | Readonly<Partial<Record<Phase, string>>>;

export interface Decorator {
  /** Step of the buttons, in seconds. */
  readonly TimePane?: number;
  readonly Slider?: readonly [lower: number, upper: number, value: number];
}

export interface Agent {
  readonly domain: string;
  readonly agent_name: string;
  readonly ui: { readonly decorator: Decorator; readonly state: AgentState; readonly rendered: string };
  readonly value: number;
  /** Its run is under way, but the actuator is off: its supply is busy, or the run pauses. */
  readonly waiting: boolean;
  readonly locked_out: boolean;
  readonly parked: boolean;
}

export interface Sensor {
  readonly id: number;
  readonly name: string;
  readonly last_seen: string | null;
  readonly data: Row | null;
  readonly agents: readonly Agent[];
  readonly dry_below: number | null;
}

export interface Overview {
  readonly brokers: readonly object[];
  readonly sensors: readonly Sensor[];
}

export interface DayTime {
  readonly ms: number;
  readonly zone: string;
}
export type SettingValue = boolean | number | string | DayTime;

export interface Control {
  readonly kind: 'switch' | 'dayTime' | 'timeSlider' | 'intSlider' | 'number' | 'choice' | 'text';
  readonly key: string;
  readonly label: string;
  readonly unit?: string;
  readonly lower?: number;
  readonly upper?: number;
  readonly steps?: number;
  readonly options?: readonly string[];
}

export interface AgentSettings {
  readonly agent_name: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly controls: Readonly<Record<string, Control>>;
}

/** A version of an agent type that an agent can be tried with, and its settings as that would take them over. */
export interface WhatIfVersion {
  readonly version: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly controls: Readonly<Record<string, Control>>;
}

export interface Decision {
  readonly at: string;
  readonly domain: string;
  readonly agent_name: string;
  readonly version: string;
  readonly event: string;
  readonly text: string;
  readonly value: number;
  readonly job: string | null;
}

export type CommandState = 'queued' | 'sent' | 'acknowledged' | 'observed' | 'failed' | 'expired';

export interface SensorCommand {
  readonly id: string;
  readonly created_at: string;
  readonly state: CommandState;
  readonly state_at: string;
  readonly reason: string | null;
}

export interface CommandRow {
  readonly domain: string;
  readonly command: number;
  /** UTC, without a zone letter. */
  readonly created_at: string;
}

export interface Job {
  readonly id: string;
  readonly domain: string | null;
  readonly state: 'planned' | 'queued' | 'running' | 'ending' | 'ended';
  readonly started_at: string | null;
  /** How long it has waited since then. */
  readonly delayed_ms: number;
  readonly ends_at: string | null;
  readonly ended_at: string | null;
}

export interface Credentials {
  readonly id: number;
  readonly key: string;
  readonly broker: { readonly items: readonly BrokerAddress[] };
}

export interface BrokerAddress {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

/** An event of the runtime or the broker pool. */
export interface GardenEvent {
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
