import { GardenOverview, SensorOverview } from '../answers/overview.ts';
import { Done } from '../answers/parts.ts';
import { LogLines } from '../answers/readings.ts';
import { SensorList, SensorSettingsAnswer, Status } from '../answers/sensors.ts';
import {
  ChangeKeyBody,
  Credentials,
  DeleteSensorBody,
  NewCredentials,
  RegisterSensorBody,
  SensorSettingsBody,
} from '../bodies.ts';
import type { Route } from '../route.ts';

/** Sensors themselves (protocol §3). */
export const sensorRoutes: readonly Route[] = [
  {
    operation: 'gardenOverview',
    methods: ['GET'],
    path: '/api/overview',
    access: 'administrator',
    isForReader: true,
    summary: 'Every sensor at a glance: newest values, what its agents do, below which moisture it is dry',
    answer: GardenOverview,
  },
  {
    operation: 'listSensors',
    methods: ['GET'],
    path: '/api/sensor',
    access: 'administrator',
    summary: 'All sensors with their agents, without keys',
    answer: SensorList,
  },
  {
    operation: 'registerSensor',
    methods: ['POST'],
    path: '/api/sensor',
    access: 'registration',
    body: RegisterSensorBody,
    summary: 'Register a sensor',
    answer: Credentials,
  },
  {
    operation: 'deleteSensor',
    methods: ['DELETE'],
    path: '/api/sensor',
    access: 'keyInBody',
    body: DeleteSensorBody,
    summary: 'Delete a sensor and everything that belongs to it',
    answer: Credentials,
  },
  {
    operation: 'sensorOverview',
    methods: ['GET'],
    path: '/api/sensor/{id}/overview',
    access: 'key',
    isForReader: true,
    summary: 'A sensor at a glance: newest values, what its agents do, below which moisture it is dry',
    answer: SensorOverview,
  },
  {
    operation: 'changeKey',
    methods: ['POST'],
    path: '/api/sensor/{id}/key',
    access: 'presentKey',
    body: ChangeKeyBody,
    summary: 'Give a sensor a new key; the former one works for a while longer',
    answer: NewCredentials,
  },
  {
    operation: 'status',
    methods: ['GET'],
    path: '/api/sensor/{id}',
    access: 'key',
    isForReader: true,
    summary: 'Last data, agents and brokers of a sensor',
    answer: Status,
  },
  {
    operation: 'getSensorSettings',
    methods: ['GET'],
    path: '/api/sensor/{id}/settings',
    access: 'key',
    summary: 'The name of a sensor, and what is added to its readings',
    answer: SensorSettingsAnswer,
  },
  {
    operation: 'patchSensorSettings',
    methods: ['PATCH'],
    path: '/api/sensor/{id}/settings',
    access: 'key',
    body: SensorSettingsBody,
    summary: 'Rename a sensor, or calibrate it',
    answer: SensorSettingsAnswer,
  },
  {
    operation: 'log',
    methods: ['GET'],
    path: '/api/sensor/{id}/log',
    access: 'key',
    isForReader: true,
    summary: 'Log lines of a sensor, oldest first',
    answer: LogLines,
  },
  {
    operation: 'reload',
    methods: ['POST'],
    path: '/api/sensor/{id}/reload',
    access: 'key',
    summary: 'Does nothing; kept for old clients',
    answer: Done,
  },
];
