import { fieldError } from '../errors.ts';

/** What one client may ask for over MQTT, and all of them together; 0: no limit. */
export const MQTT_LIMITS = {
  /** The largest PUBLISH, in bytes. */
  packetBytes: 262_144,
  /** The largest packet of any other kind. */
  controlBytes: 16_384,
  /** QoS 2 messages of a client that it has not released yet. */
  inflight: 256,
  subscriptions: 64,
  /** How many connections may listen to one topic of a sensor. */
  listeners: 32,
  connections: 5_000,
  connectionsPerAddress: 512,
  connectsPerMinute: 600,
  /** A client that asks for more, or for none, is watched as if it had asked for this. */
  keepAliveSeconds: 1_200,
  /** Of all connections of an address, each delivery to a listener counted, too; 4 KiB are as one. More has to wait. */
  messagesPerSecond: 300,
  /** What a client may leave unread before it is cut. */
  unreadBytes: 1_048_576,
  /** What is kept for a client that is away. */
  queuedBytes: 1_048_576,
};
export type MqttLimits = Readonly<typeof MQTT_LIMITS>;

/** The same of HTTP. */
export const HTTP_LIMITS = {
  requestsPerMinute: 3_000,
  requestsPerMinuteOfSensor: 1_200,
  registrationsPerMinute: 100,
  /** Wrong keys and tokens, of one address at one sensor; ten times as many at all sensors together. */
  wrongKeysPerMinute: 20,
  /** Logins to the editor. */
  loginsPerMinute: 10,
  /** How long a body of a REST call may take to arrive. */
  bodySeconds: 10,
  connections: 2_000,
  connectionsPerAddress: 200,
  headerSeconds: 10,
  requestSeconds: 120,
  headers: 100,
  /** How long a client may read nothing of an answer. */
  unreadSeconds: 120,
  /** What all clients together may leave unread; then those are cut that have left most. */
  unreadBytes: 67_108_864,
};
export type HttpLimits = Readonly<typeof HTTP_LIMITS>;

type Limits = Readonly<Record<string, number>>;
const HIGHEST = 1_000_000_000;

/** Limits as a person writes them, `name=number, name=number`: the others stay. Errors name the field and the limits. */
export function parseClientLimits<Named extends Limits>(field: string, text: string, defaults: Named): Named {
  const limits: Record<string, number> = { ...defaults };
  for (const entry of text.split(',').map((each) => each.trim())) {
    if (entry === '') continue;
    const [, name = '', value = ''] = /^(\w+)\s*=\s*(\d{1,10})$/.exec(entry) ?? [];
    if (!Object.hasOwn(defaults, name) || Number(value) > HIGHEST)
      throw fieldError(field, `${NEEDED} ${namesOf(defaults)}`);
    limits[name] = Number(value);
  }
  return limits as Named;
}

const NEEDED = 'must be a list such as name=100, name=0 (no limit), with a name of';
const namesOf = (limits: Limits): string => Object.keys(limits).join(', ');
