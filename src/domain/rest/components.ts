import type { TSchema } from 'typebox';
import { Broker } from '../broker.ts';
import { LimitsSchema } from '../limits.ts';
import { DataMessage } from '../reading.ts';
import { ConfigBody, ConfigValue } from '../settings-form.ts';
import {
  AgentAnswer,
  AgentState,
  CommandRow,
  ConfigAnswer,
  DataRowAnswer,
  DecisionAnswer,
  DecoratorAnswer,
  ErrorAnswer,
  Health,
  PluginAnswer,
  SensorCommandAnswer,
  SensorList,
  SettingsAnswer,
  Status,
} from './answers.ts';
import {
  AgentBody,
  CommandBody,
  Credentials,
  DeleteSensorBody,
  PinBody,
  PluginBody,
  RegisterSensorBody,
  SettingsBody,
} from './bodies.ts';

/** The schemas that have a name in the OpenAPI document; all others stand where they are used. */
export const COMPONENTS: Readonly<Record<string, TSchema>> = {
  Agent: AgentAnswer,
  AgentName: AgentBody,
  Broker,
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
  Limits: LimitsSchema,
  PinnedPlugin: PinBody,
  Plugin: PluginAnswer,
  PluginName: PluginBody,
  Reading: DataMessage,
  SensorCommand: SensorCommandAnswer,
  SensorName: RegisterSensorBody,
  Sensors: SensorList,
  SettingValue: ConfigValue,
  Settings: SettingsAnswer,
  SettingsChange: SettingsBody,
  State: AgentState,
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
  return 'prefixItems' in copy || !Array.isArray(copy['items']) ? copy : withPrefixItems(copy);
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null ? schemaOf(value as TSchema) : value;
}

/** TypeBox still spells tuples as older drafts did. */
function withPrefixItems({ items, additionalItems, ...rest }: Record<string, unknown>): JsonSchema {
  return { ...rest, prefixItems: items, items: additionalItems ?? false };
}
