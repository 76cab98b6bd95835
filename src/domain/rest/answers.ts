import Type from 'typebox';
import { Broker } from '../broker.ts';
import { LimitsSchema } from '../limits.ts';
import { METRIC_UNITS, METRICS, type Metric } from '../reading.ts';
import { COMMAND_STATES } from '../sensor-command.ts';
import { ConfigValue } from '../settings-form.ts';
import { AgentBody } from './bodies.ts';

/** What the routes answer with 200: for the OpenAPI document, and for the tests, which hold real answers against it. */

const date = (description: string) => Type.String({ format: 'date-time', description });
/** Where there is nothing to say. */
export const Done = Type.Null();

const INTEGERS: ReadonlySet<Metric> = new Set(['carbon', 'conductivity', 'light']);

function measured(metric: Metric) {
  const description = `${metric} in ${METRIC_UNITS[metric]}; null: not measured`;
  const value = INTEGERS.has(metric) ? Type.Integer() : Type.Number();
  return Type.Union([value, Type.Null()], { description });
}

export const DataRowAnswer = Type.Object(
  {
    timestamp: date('Of the first reading that the row holds'),
    ...Object.fromEntries(METRICS.map((metric) => [metric, measured(metric)])),
  },
  { description: 'A 30-minute row: the readings of half an hour, folded into one' },
);

export const Health = Type.Object({
  healthy: Type.Boolean(),
  database_state: Type.Union([Type.Literal('HEALTHY'), Type.Literal('TIMEOUT')]),
  sensor_count: Type.Integer(),
  active_agents: Type.Array(Type.String()),
});

export const AgentTypeNames = Type.Array(Type.String());

export const SensorList = Type.Array(
  Type.Object({
    id: Type.Integer(),
    name: Type.String(),
    last_seen: Type.Union([date('When it was last heard of since the start'), Type.Null()]),
    agents: Type.Array(AgentBody),
  }),
);

const phase = (name: string) =>
  Type.Object({ [name]: date('The end of this phase') }, { additionalProperties: false });

/** State of protocol §4.3. */
export const AgentState = Type.Union([
  Type.Literal('Disabled'),
  Type.Literal('Ready'),
  Type.Literal('Error'),
  phase('Executing'),
  phase('Stopped'),
  phase('Forced'),
]);

/** Decorator of protocol §4.3: exactly one key. */
export const DecoratorAnswer = Type.Union([
  Type.Object(
    { TimePane: Type.Integer({ description: 'Step of the buttons, in seconds' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      Slider: Type.Tuple([Type.Number(), Type.Number(), Type.Number()], {
        description: 'Lower, upper, value: always written with a decimal point',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object({ Text: Type.Null() }, { additionalProperties: false }),
]);

export const AgentAnswer = Type.Object({
  domain: Type.String(),
  agent_name: Type.String(),
  ui: Type.Object({
    decorator: DecoratorAnswer,
    state: AgentState,
    rendered: Type.String({ description: 'A text for people, in the language and zone that were asked for' }),
  }),
});

export const Status = Type.Object({
  data: DataRowAnswer,
  agents: Type.Array(AgentAnswer, { description: 'In the order of the command vector' }),
  broker: Type.Union([
    Type.Object({ items: Type.Array(Broker) }),
    Type.String({ description: 'For the user agent ESP8266HTTPClient: tcp://host:port' }),
  ]),
});

export const CommandRow = Type.Object({
  domain: Type.String(),
  command: Type.Integer(),
  created_at: Type.String({ description: 'UTC, without a zone letter: 2024-07-11T20:15:01.123456' }),
});

const BecauseAnswer = Type.Object({
  code: Type.String({ examples: ['below'] }),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
});

export const DecisionAnswer = Type.Object({
  at: date('When it was taken'),
  domain: Type.String(),
  agent_name: Type.String(),
  version: Type.String({ description: 'Of the agent type that decided' }),
  event: Type.String({ description: 'What it was asked about', examples: ['reading', 'forced', 'woken'] }),
  because: BecauseAnswer,
  text: Type.String({ description: 'The reason in the language that was asked for' }),
  value: Type.Integer({ description: 'What the actuator was to hold then' }),
  job: Type.Union([Type.String(), Type.Null()], { description: 'The job that was planned, or null' }),
  cut: Type.Union(
    [
      Type.Object({
        limit: Type.String({ examples: ['longestRunMs', 'dailyBudgetMs'] }),
        asked_ms: Type.Union([Type.Integer(), Type.Null()]),
        granted_ms: Type.Integer({ description: '0: it was refused' }),
      }),
      Type.Null(),
    ],
    { description: 'What a hard limit has taken from it, or null' },
  ),
});
export const DecisionList = Type.Array(DecisionAnswer);

export const SensorCommandAnswer = Type.Object({
  id: Type.String({ description: 'As in its envelope' }),
  epoch: Type.Integer({ description: 'In which it was first sent' }),
  created_at: date('When it was made'),
  state: Type.Union(COMMAND_STATES.map((state) => Type.Literal(state))),
  state_at: date('Since when it is in that state'),
  agents: Type.Array(
    Type.Object({
      domain: Type.String(),
      value: Type.Integer(),
      neutral: Type.Integer({ description: 'The value that is safe' }),
      until: Type.Union([date('When the device goes neutral by itself'), Type.Null()], {
        description: 'When the device goes neutral by itself, as the command said first; null: it is neutral',
      }),
      leased: Type.Boolean({ description: 'Renewed for as long as the value is held' }),
      because: Type.Union([BecauseAnswer, Type.Null()]),
    }),
  ),
  observed: Type.Union([Type.Record(Type.String(), Type.Integer()), Type.Null()], {
    description: 'The values that the device has reported last, by domain',
  }),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Of a failure' }),
});
export const SensorCommandList = Type.Array(SensorCommandAnswer);

export const PluginAnswer = Type.Object({
  plugin: Type.String({ description: 'What brings it: a file or folder, a palette package, a node' }),
  source: Type.Union(['shipped', 'folder', 'palette', 'wires'].map((source) => Type.Literal(source))),
  name: Type.Union([Type.String(), Type.Null()], { description: 'The agent type; null where none runs' }),
  version: Type.Union([Type.String(), Type.Null()], { description: 'The version that runs, or null' }),
  health: Type.Union([Type.Literal('well'), Type.Literal('behind'), Type.Literal('failed')], {
    description:
      'well: it runs as it lies there. behind: an earlier version runs. failed: nothing of it runs',
  }),
  in_service: Type.Boolean({
    description: 'false: nothing runs, or a plugin of the same name from another source decides',
  }),
  pinned: Type.Boolean(),
  last_good: Type.Union([Type.String(), Type.Null()], { description: 'Where a rollback leads to' }),
  agents: Type.Integer({ description: 'How many agents decide with a version of this plugin' }),
  agents_behind: Type.Integer({
    description:
      'How many of them keep an earlier version, because the one in service does not take their state',
  }),
  refused: Type.Union([
    Type.Object({
      version: Type.Union([Type.String(), Type.Null()]),
      reason: Type.String(),
      at: date('When it was refused or rolled back'),
    }),
    Type.Null(),
  ]),
});
export const PluginList = Type.Array(PluginAnswer);

/** Config of protocol §4.4, with labels. */
export const ConfigAnswer = Type.Record(Type.String(), Type.Tuple([Type.String(), ConfigValue]), {
  description: 'Label and value of each setting, by its key',
});

export const LogLines = Type.Array(Type.String({ examples: ['[Jul  5 08:09:10 2024] pump on'] }));

/** Every answer that is no success. */
export const ErrorAnswer = Type.Object({
  error: Type.String({ description: 'What is wrong, for people' }),
  code: Type.Optional(Type.String({ description: 'What is wrong, for programs: see docs/errors.md' })),
  field: Type.Optional(Type.String({ description: 'The field that is to blame, where one is' })),
});

/** Settings by their plain names, with the control that each is drawn as; durations are ms. */
export const SettingsAnswer = Type.Object({
  agent_name: Type.String(),
  settings: Type.Record(Type.String(), Type.Unknown()),
  controls: Type.Record(
    Type.String(),
    Type.Object({ kind: Type.String(), key: Type.String(), label: Type.String() }),
    { description: 'kind: switch, dayTime, timeSlider, intSlider, number, choice or text; with its bounds' },
  ),
  limits: Type.Required(LimitsSchema, { description: 'The hard limits that count' }),
  own_limits: LimitsSchema,
  lockout: Type.Union([
    Type.Object({ at: Type.Integer(), failures: Type.Integer(), reason: Type.String() }),
    Type.Null(),
  ]),
});
