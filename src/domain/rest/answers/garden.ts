import Type from 'typebox';
import { LimitsSchema } from '../../job/limits.ts';
import { ControlsAnswer } from './agents.ts';
import { date } from './parts.ts';

export const Health = Type.Object({
  healthy: Type.Boolean(),
  database_state: Type.Union([Type.Literal('HEALTHY'), Type.Literal('TIMEOUT')]),
  sensor_count: Type.Integer(),
  active_agents: Type.Array(Type.String()),
});

export const Readiness = Type.Object({
  ready: Type.Boolean({ description: 'All of the others' }),
  store: Type.Boolean({ description: 'The database answers, and takes changes' }),
  runtime: Type.Boolean({ description: 'The sensor runtime is at work' }),
  job_runner: Type.Boolean(),
  broker: Type.Boolean({ description: 'A broker is in service' }),
});

export const MetricsText = Type.String({ description: "Prometheus' text format 0.0.4" });

export const AgentTypeNames = Type.Array(Type.String());

const nullable = {
  number: Type.Union([Type.Integer(), Type.Null()]),
  text: Type.Union([Type.String(), Type.Null()]),
};

export const AgentTypeAnswer = Type.Object({
  agent_name: Type.String({ description: 'What an agent is registered with' }),
  version: Type.String(),
  source: Type.Union(['shipped', 'folder', 'palette', 'wires'].map((source) => Type.Literal(source))),
  neutral: Type.Integer({ description: 'The value that is safe' }),
  settings: Type.Record(Type.String(), Type.Unknown(), { description: 'What a new agent begins with' }),
  controls: ControlsAnswer,
  limits: Type.Required(LimitsSchema, { description: 'The hard limits of the type and of the garden' }),
});
export const AgentTypeList = Type.Array(AgentTypeAnswer);

export const BrokerAnswer = Type.Object({
  name: Type.String(),
  serves: Type.Boolean({ description: 'RIPE is connected and subscribed there, and clients are told of it' }),
  since: Type.Union([date('Since when it is connected, or cannot be reached'), Type.Null()]),
  problem: Type.Union([Type.String(), Type.Null()], {
    description: 'Why RIPE is not connected there, or null',
  }),
});
export const BrokerList = Type.Array(BrokerAnswer);

export const SupplyAnswer = Type.Object({
  name: Type.String(),
  capacity: Type.Integer({ description: 'How many jobs it serves at once' }),
  jobs: Type.Array(
    Type.Object({
      id: Type.String(),
      sensor: nullable.number,
      domain: nullable.text,
      state: Type.Union(
        ['has', 'rests', 'waits'].map((state) => Type.Literal(state)),
        {
          description:
            'has: it uses the supply. rests: between two of its phases, others may. waits: for its turn',
        },
      ),
      ends_at: Type.Union([date('When it ends; an estimate while it waits'), Type.Null()]),
    }),
  ),
});
export const SupplyList = Type.Array(SupplyAnswer);
