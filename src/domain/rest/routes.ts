import Type, { type TSchema } from 'typebox';
import { DataMessage } from '../reading.ts';
import { ConfigBody } from '../settings-form.ts';
import {
  AgentTypeNames,
  CommandRow,
  ConfigAnswer,
  DataRowAnswer,
  DecisionList,
  Done,
  Health,
  LogLines,
  PluginList,
  SensorCommandList,
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

/** What a route asks the runtime to do. */
export type Operation =
  | 'health'
  | 'listAgentTypes'
  | 'listPlugins'
  | 'rescanPlugins'
  | 'pinPlugin'
  | 'unpinPlugin'
  | 'rollBackPlugin'
  | 'registerSensor'
  | 'deleteSensor'
  | 'listSensors'
  | 'status'
  | 'log'
  | 'decisions'
  | 'sensorCommands'
  | 'rows'
  | 'firstRow'
  | 'postData'
  | 'reload'
  | 'registerAgent'
  | 'deleteAgent'
  | 'commandHistory'
  | 'command'
  | 'getConfig'
  | 'setConfig'
  | 'getSettings'
  | 'patchSettings';

/**
 * Who may call: anybody; who holds the sensor's key in X-KEY, or in the body; the administrator; or whoever the
 * setting RIPE_REGISTRATION lets in.
 */
export type Access = 'anybody' | 'key' | 'keyInBody' | 'administrator' | 'registration';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly operation: Operation;
  readonly methods: readonly Method[];
  /** `{id}` is one segment; `{domain64}` takes everything, since base64 contains slashes (protocol §2.2). */
  readonly path: string;
  readonly access: Access;
  readonly body?: TSchema;
  /** Takes `from` and `until`. */
  readonly hasRange?: true;
  /** The answer's texts and times of day are for the person who asks: X-TZ and Accept-Language. */
  readonly isForReader?: true;
  readonly summary: string;
  /** What 200 comes with. */
  readonly answer: TSchema;
}

/**
 * Every REST route: the bundled flow has one `http in` node for each method and path of this table. The more
 * specific path comes first.
 */
export const ROUTES: readonly Route[] = [
  {
    operation: 'health',
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    path: '/api/health',
    access: 'anybody',
    summary: 'Whether RIPE and its database answer',
    answer: Health,
  },
  {
    operation: 'listAgentTypes',
    methods: ['GET'],
    path: '/api/agent',
    access: 'anybody',
    summary: 'Names of the loaded agent types',
    answer: AgentTypeNames,
  },
  {
    operation: 'listPlugins',
    methods: ['GET'],
    path: '/api/plugin',
    access: 'anybody',
    summary: 'How every plugin stands: versions, health, and why one was refused',
    answer: PluginList,
  },
  {
    operation: 'rescanPlugins',
    methods: ['POST'],
    path: '/api/plugin/rescan',
    access: 'administrator',
    summary: 'Look for new and changed plugins now, and try refused ones again',
    answer: PluginList,
  },
  {
    operation: 'pinPlugin',
    methods: ['POST'],
    path: '/api/plugin/pin',
    access: 'administrator',
    body: PinBody,
    summary: 'Keep the version of a plugin that runs, or an earlier one, until it is unpinned',
    answer: PluginList,
  },
  {
    operation: 'unpinPlugin',
    methods: ['POST'],
    path: '/api/plugin/unpin',
    access: 'administrator',
    body: PluginBody,
    summary: 'Let a pinned plugin follow its file again',
    answer: PluginList,
  },
  {
    operation: 'rollBackPlugin',
    methods: ['POST'],
    path: '/api/plugin/rollback',
    access: 'administrator',
    body: PluginBody,
    summary: 'Go back to the version of a plugin that ran before',
    answer: PluginList,
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
    operation: 'status',
    methods: ['GET'],
    path: '/api/sensor/{id}',
    access: 'key',
    isForReader: true,
    summary: 'Last data, agents and brokers of a sensor',
    answer: Status,
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
    operation: 'decisions',
    methods: ['GET'],
    path: '/api/sensor/{id}/decision',
    access: 'key',
    hasRange: true,
    isForReader: true,
    summary: 'Why the agents of a sensor did, or did not do, something: newest first',
    answer: DecisionList,
  },
  {
    operation: 'sensorCommands',
    methods: ['GET'],
    path: '/api/sensor/{id}/command',
    access: 'key',
    summary: 'The newest commands of a sensor and what became of them: newest first, at most 32',
    answer: SensorCommandList,
  },
  {
    operation: 'firstRow',
    methods: ['GET'],
    path: '/api/sensor/{id}/data/first',
    access: 'key',
    summary: 'The oldest data row of a sensor',
    answer: Type.Union([DataRowAnswer, Type.Null()]),
  },
  {
    operation: 'rows',
    methods: ['GET'],
    path: '/api/sensor/{id}/data',
    access: 'key',
    hasRange: true,
    summary: 'Data rows of a range of at most 24 hours',
    answer: Type.Array(DataRowAnswer),
  },
  {
    operation: 'postData',
    methods: ['POST'],
    path: '/api/sensor/{id}/data',
    access: 'key',
    body: DataMessage,
    summary: 'A reading, exactly as over MQTT',
    answer: Done,
  },
  {
    operation: 'reload',
    methods: ['POST'],
    path: '/api/sensor/{id}/reload',
    access: 'key',
    summary: 'Does nothing; kept for old clients',
    answer: Done,
  },
  {
    operation: 'commandHistory',
    methods: ['GET'],
    path: '/api/agent/{id}',
    access: 'key',
    hasRange: true,
    summary: 'Commands of a range of at most 24 hours',
    answer: Type.Array(CommandRow),
  },
  {
    operation: 'registerAgent',
    methods: ['POST'],
    path: '/api/agent/{id}',
    access: 'key',
    body: AgentBody,
    summary: 'Give a sensor an agent',
    answer: AgentBody,
  },
  {
    operation: 'deleteAgent',
    methods: ['DELETE'],
    path: '/api/agent/{id}',
    access: 'key',
    body: AgentBody,
    summary: 'Take an agent from a sensor',
    answer: AgentBody,
  },
  {
    operation: 'getConfig',
    methods: ['GET'],
    path: '/api/agent/{id}/{domain64}/config',
    access: 'key',
    isForReader: true,
    summary: "An agent's settings as a form",
    answer: ConfigAnswer,
  },
  {
    operation: 'setConfig',
    methods: ['POST'],
    path: '/api/agent/{id}/{domain64}/config',
    access: 'key',
    body: ConfigBody,
    isForReader: true,
    summary: "Set an agent's settings",
    answer: Done,
  },
  {
    operation: 'getSettings',
    methods: ['GET'],
    path: '/api/agent/{id}/{domain64}/settings',
    access: 'key',
    isForReader: true,
    summary: "All of an agent's settings by their names, and its hard limits",
    answer: SettingsAnswer,
  },
  {
    operation: 'patchSettings',
    methods: ['PATCH'],
    path: '/api/agent/{id}/{domain64}/settings',
    access: 'key',
    body: SettingsBody,
    isForReader: true,
    summary: "Change some of an agent's settings, or tighten its hard limits",
    answer: SettingsAnswer,
  },
  {
    operation: 'command',
    methods: ['POST'],
    path: '/api/agent/{id}/{domain64}',
    access: 'key',
    body: CommandBody,
    summary: 'Force an agent: on, off or a value',
    answer: Done,
  },
];

/** The path of a route in the syntax of Node-RED's `http in` node. */
export function httpInUrl(route: Route): string {
  return route.path.replace('{id}', ':id').replace('{domain64}', '*');
}
