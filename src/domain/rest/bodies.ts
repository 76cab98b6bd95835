import Type, { type Static } from 'typebox';
import { Broker } from '../broker/broker.ts';
import { LimitsSchema } from '../job/limits.ts';
import { Plan } from '../job/plan.ts';

const BrokerList = Type.Object({ items: Type.Array(Broker) });

/** `{"name": text or null or missing}` */
export const RegisterSensorBody = Type.Object({
  name: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 255 }), Type.Null()])),
});
export type RegisterSensorBody = Static<typeof RegisterSensorBody>;

/** What is to change of a sensor; null takes an offset back. */
export const SensorSettingsBody = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    offsets: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]), {
        description: 'What is to be added to a metric from now on, by its name; null: nothing',
      }),
    ),
  },
  { additionalProperties: false },
);
export type SensorSettingsBody = Static<typeof SensorSettingsBody>;

/** Credentials of protocol §4.1. */
export const Credentials = Type.Object({ id: Type.Integer(), key: Type.String(), broker: BrokerList });

/** Credentials with a new key, and when the former one ends, RFC 3339. */
export const NewCredentials = Type.Object({
  ...Credentials.properties,
  former_key_until: Type.String({ format: 'date-time' }),
});

/** Credentials as a client sends them back; what it says of the brokers does not matter. */
export const DeleteSensorBody = Type.Object({
  id: Type.Integer(),
  key: Type.String(),
  broker: Type.Optional(Type.Unknown()),
});
export type DeleteSensorBody = Static<typeof DeleteSensorBody>;

const MOST_GRACE_S = 30 * 86_400;

/** How long the former key goes on working, in seconds; a day unless told otherwise. */
export const ChangeKeyBody = Type.Object({
  grace_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST_GRACE_S })),
});
export type ChangeKeyBody = Static<typeof ChangeKeyBody>;

export const AgentBody = Type.Object({
  domain: Type.String({ minLength: 1, maxLength: 255 }),
  agent_name: Type.String({ minLength: 1, maxLength: 255 }),
});
export type AgentBody = Static<typeof AgentBody>;

const INT64 = 2 ** 63;
const Int32 = { minimum: -2_147_483_648, maximum: 2_147_483_647 };
/** What the payload means depends on the agent's decorator (protocol §6). */
export const CommandBody = Type.Object({ payload: Type.Integer({ minimum: -INT64, maximum: INT64 }) });
export type CommandBody = Static<typeof CommandBody>;

const LimitPatch = Type.Object(
  Object.fromEntries(
    Object.entries(LimitsSchema.properties).map(([name, limit]) => [
      name,
      Type.Optional(Type.Union([limit, Type.Null()])),
    ]),
  ),
  { additionalProperties: false },
);

/** What is to change: settings by their plain names, limits (null takes one back). */
export const SettingsBody = Type.Object(
  {
    settings: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    limits: Type.Optional(LimitPatch),
  },
  { additionalProperties: false },
);
export interface SettingsBody {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, number | null>>;
}
/** A version, and settings beside those that the agent has, to be tried on what was recorded. */
export const WhatIfBody = Type.Object(
  {
    version: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'One of the kept ones; the one that decides unless told',
      }),
    ),
    settings: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 31, description: 'How far back; 14 unless told' }),
    ),
  },
  { additionalProperties: false },
);
export interface WhatIfBody {
  readonly version?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly days?: number;
}

/** A plugin by the name of its agent type, or of what brings it. */
export const PluginBody = Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) });
export type PluginBody = Static<typeof PluginBody>;

/** Without a version: the one that runs. */
export const PinBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  version: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
});
export type PinBody = Static<typeof PinBody>;

const LONGEST_RUN_MS = 86_400_000;
/** A single run: `duration_ms` on, or steps of its own. */
export const StartJobBody = Type.Object(
  {
    domain: Type.String({ minLength: 1, maxLength: 255, description: 'The agent whose actuator it is' }),
    duration_ms: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LONGEST_RUN_MS,
        description: 'On for so long, in the place of steps',
      }),
    ),
    value: Type.Optional(
      Type.Integer({ ...Int32, description: 'What is set for duration_ms; 1 unless told' }),
    ),
    ...Type.Partial(Plan).properties,
  },
  { additionalProperties: false },
);
export type StartJobBody = Static<typeof StartJobBody>;
