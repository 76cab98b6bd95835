import type { TSchema } from 'typebox';
import { ConfigBody, ConfigValue } from '../agent/settings-form.ts';
import { Broker } from '../broker/broker.ts';
import { LimitsSchema } from '../job/limits.ts';
import { Plan } from '../job/plan.ts';
import { DataMessage } from '../reading/reading.ts';
import { AgentOfSensor, ConfigAnswer, SettingsAnswer } from './answers/agents.ts';
import { AgentTypeAnswer, BrokerAnswer, Health, Readiness, SupplyAnswer } from './answers/garden.ts';
import { CommandRow, DecisionAnswer, SensorCommandAnswer } from './answers/history.ts';
import { JobAnswer } from './answers/jobs.ts';
import { ErrorAnswer } from './answers/parts.ts';
import { PluginAnswer } from './answers/plugins.ts';
import { BucketAnswer, DataRowAnswer, ReadingAnswer } from './answers/readings.ts';
import {
  AgentAnswer,
  AgentState,
  DecoratorAnswer,
  SensorList,
  SensorSettingsAnswer,
  Status,
} from './answers/sensors.ts';
import {
  AgentBody,
  CommandBody,
  Credentials,
  DeleteSensorBody,
  PinBody,
  PluginBody,
  RegisterSensorBody,
  SensorSettingsBody,
  SettingsBody,
  StartJobBody,
} from './bodies.ts';

/** The schemas that have a name in the OpenAPI document; all others stand where they are used. */
export const COMPONENTS: Readonly<Record<string, TSchema>> = {
  Agent: AgentAnswer,
  AgentName: AgentBody,
  AgentOfSensor,
  AgentType: AgentTypeAnswer,
  Broker,
  BrokerStanding: BrokerAnswer,
  Command: CommandBody,
  CommandRow,
  Config: ConfigAnswer,
  ConfigValues: ConfigBody,
  Credentials,
  CredentialsToDelete: DeleteSensorBody,
  DataRow: DataRowAnswer,
  Decision: DecisionAnswer,
  Decorator: DecoratorAnswer,
  Error: ErrorAnswer,
  Health,
  Job: JobAnswer,
  Limits: LimitsSchema,
  MeasuredSpread: BucketAnswer,
  PinnedPlugin: PinBody,
  Plugin: PluginAnswer,
  Plan,
  PluginName: PluginBody,
  Reading: DataMessage,
  Readiness,
  ReadingKept: ReadingAnswer,
  SensorCommand: SensorCommandAnswer,
  SensorName: RegisterSensorBody,
  Sensors: SensorList,
  SensorSettings: SensorSettingsAnswer,
  SensorSettingsChange: SensorSettingsBody,
  SettingValue: ConfigValue,
  Settings: SettingsAnswer,
  SettingsChange: SettingsBody,
  Run: StartJobBody,
  State: AgentState,
  Supply: SupplyAnswer,
  Status,
};

const names = new Map<unknown, string>(Object.entries(COMPONENTS).map(([name, schema]) => [schema, name]));

export type JsonSchema = { readonly [keyword: string]: unknown };

/** A schema as plain JSON Schema 2020-12, in which the named ones are references. */
export function schemaOf(schema: TSchema): JsonSchema {
  const name = names.get(schema);
  return name === undefined ? inline(schema) : { $ref: `#/components/schemas/${name}` };
}

/** The schema of a name itself, with references inside. */
export function componentSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(COMPONENTS).map(([name, schema]) => [name, inline(schema)]));
}

function inline(schema: object): JsonSchema {
  const copy: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) copy[keyword] = copyOf(value);
  if (Array.isArray(copy['items'])) return withPrefixItems(copy);
  return Array.isArray(copy['anyOf']) ? orNull(copy, copy['anyOf']) : copy;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null ? schemaOf(value as TSchema) : value;
}

/** Something simple or null is one type of two names: shorter to read, and drawn so by viewers. */
function orNull(copy: JsonSchema, choices: readonly JsonSchema[]): JsonSchema {
  const [one, other, ...more] = choices;
  const isPlain = typeof one?.['type'] === 'string' && one['const'] === undefined;
  if (!isPlain || more.length > 0 || other?.['type'] !== 'null') return copy;
  const { anyOf: _choices, ...rest } = copy;
  return { ...one, ...rest, type: [one['type'], 'null'] };
}

/** TypeBox still spells tuples as older drafts did. */
function withPrefixItems({ items, additionalItems, ...rest }: Record<string, unknown>): JsonSchema {
  return { ...rest, prefixItems: items, items: additionalItems ?? false };
}
