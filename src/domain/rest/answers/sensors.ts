import Type from 'typebox';
import { Broker } from '../../broker/broker.ts';
import { OffsetsSchema } from '../../reading/calibration.ts';
import { AgentBody } from '../bodies.ts';
import { date } from './parts.ts';
import { DataRowAnswer } from './readings.ts';

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

export const SensorSettingsAnswer = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  offsets: OffsetsSchema,
});
