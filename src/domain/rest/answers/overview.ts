import Type from 'typebox';
import { Broker } from '../../broker/broker.ts';
import { DataRowAnswer } from './readings.ts';
import { AgentAnswer } from './sensors.ts';

const moment = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });

export const SensorOverview = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  last_seen: moment('When it was last heard of since the start of RIPE, or null'),
  data: Type.Union([DataRowAnswer, Type.Null()], { description: 'The newest row; null: it never sent one' }),
  agents: Type.Array(
    Type.Interface([AgentAnswer], {
      value: Type.Integer({ description: 'What the actuator is to hold now' }),
      waiting: Type.Boolean({
        description:
          'It has a job, but the actuator is off: its supply is busy, or it rests between two phases',
      }),
      locked_out: Type.Boolean({ description: 'It failed too often, and is not asked any more' }),
      parked: Type.Boolean({ description: 'Its agent type is not loaded' }),
    }),
  ),
  dry_below: Type.Union([Type.Number(), Type.Null()], {
    description: 'The moisture in % below which an agent waters; null: none does',
  }),
});

export const GardenOverview = Type.Object({
  brokers: Type.Array(Broker, {
    description: 'What clients connect to; empty while no broker is in service',
  }),
  sensors: Type.Array(SensorOverview),
});
