import type { TSchema } from 'typebox';

/** What a route asks the runtime to do. */
export type Operation =
  | 'health'
  | 'ready'
  | 'metrics'
  | 'listAgentTypes'
  | 'describeAgentTypes'
  | 'listBrokers'
  | 'listSupplies'
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
  | 'getSensorSettings'
  | 'patchSensorSettings'
  | 'log'
  | 'decisions'
  | 'sensorCommands'
  | 'events'
  | 'rows'
  | 'firstRow'
  | 'postData'
  | 'changeKey'
  | 'reload'
  | 'listJobs'
  | 'startJob'
  | 'cancelJob'
  | 'listAgents'
  | 'registerAgent'
  | 'deleteAgent'
  | 'commandHistory'
  | 'command'
  | 'getConfig'
  | 'setConfig'
  | 'getSettings'
  | 'patchSettings'
  | 'whatIfVersions'
  | 'whatIf';

/**
 * Who may call: anybody; who holds the sensor's key in X-KEY; who holds its present key, not a former one, in the
 * body, or in X-KEY; the administrator; or whoever the setting RIPE_REGISTRATION lets in. `presentKey` takes the
 * administrator's token, too: for an owner whose key was stolen and changed. `metrics`: the token for figures, or the
 * administrator's.
 */
export type Access =
  | 'anybody'
  | 'key'
  | 'presentKey'
  | 'keyInBody'
  | 'administrator'
  | 'metrics'
  | 'registration';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * `from` and `until` of a query. `day`: both, at most 24 hours apart. `any`: both. `dayOrRows`: at most 24 hours apart, but
 * for who names a resolution. `none`: both, or neither.
 */
export type RangeRule = 'day' | 'any' | 'dayOrRows' | 'orNone';

export interface Route {
  readonly operation: Operation;
  readonly methods: readonly Method[];
  /** `{id}` and `{job}` are one segment; `{domain64}` takes everything, since base64 contains slashes (protocol §2.2). */
  readonly path: string;
  readonly access: Access;
  readonly body?: TSchema;
  /** A body that it takes, for the documentation: a test sends it. */
  readonly example?: object;
  readonly range?: RangeRule;
  /** Takes `limit`, up to this, and `cursor`; the answer's header Link names the next page. */
  readonly mostOnPage?: number;
  /** Takes `resolution`; only with it, `limit` and `cursor` count. */
  readonly hasResolution?: true;
  /** Answers with events as they happen, without an end (Server-Sent Events); takes the header Last-Event-ID. */
  readonly isStream?: true;
  /** Answers with a text of this type instead of JSON. */
  readonly textType?: string;
  /** Also answers as CSV, to who accepts that. */
  readonly hasCsv?: true;
  /** The answer's texts and times of day are for the person who asks: X-TZ and Accept-Language. */
  readonly isForReader?: true;
  readonly summary: string;
  /** What 200 comes with. */
  readonly answer: TSchema;
}

/** The path of a route in the syntax of Node-RED's `http in` node. */
export function httpInUrl(route: Route): string {
  return route.path.replace('{id}', ':id').replace('{job}', ':job').replace('{domain64}', '*');
}
