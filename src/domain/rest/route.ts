import type { TSchema } from 'typebox';

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
  | 'gardenOverview'
  | 'sensorOverview'
  | 'status'
  | 'log'
  | 'decisions'
  | 'sensorCommands'
  | 'rows'
  | 'firstRow'
  | 'postData'
  | 'changeKey'
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
 * Who may call: anybody; who holds the sensor's key in X-KEY; who holds its present key, not a former one, in the
 * body, or in X-KEY; the administrator; or whoever the setting RIPE_REGISTRATION lets in. `presentKey` takes the
 * administrator's token, too: for an owner whose key was stolen and changed.
 */
export type Access = 'anybody' | 'key' | 'presentKey' | 'keyInBody' | 'administrator' | 'registration';

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

/** The path of a route in the syntax of Node-RED's `http in` node. */
export function httpInUrl(route: Route): string {
  return route.path.replace('{id}', ':id').replace('{domain64}', '*');
}
