/** What Home Assistant reads and writes; nothing of it names a sensor's key. */
const ROOT = 'ripe/ha/';

export const ONLINE = 'online';
export const OFFLINE = 'offline';

/** Whether RIPE is there at all. */
export const RIPE_AVAILABILITY = `${ROOT}availability`;
/** Commands of all agents. */
export const COMMAND_WILDCARD = `${ROOT}+/+/set`;

/** Home Assistant says `online` there when it has started. */
export const birthTopic = (prefix: string): string => `${prefix}/status`;

export const sensorAvailability = (sensor: number): string => `${ROOT}${sensor}/availability`;
export const sensorState = (sensor: number): string => `${ROOT}${sensor}/state`;

export function agentTopic(sensor: number, domain: string, end: 'state' | 'set'): string {
  return `${ROOT}${sensor}/${topicLevel(domain)}/${end}`;
}

/** One message per sensor announces the whole device. Home Assistant takes letters, digits, `_` and `-` only. */
export function discoveryTopic(prefix: string, device: string): string {
  return `${prefix}/device/${device}/config`;
}

/** Unique among all gardens that one Home Assistant may know. */
export const deviceId = (garden: string, sensor: number): string => `ripe_${garden}_${sensor}`;

/** A domain is free text: what topics cannot hold is percent-escaped. */
export function topicLevel(domain: string): string {
  return encodeURIComponent(domain.toWellFormed());
}

export function parseCommandTopic(topic: string): { sensor: number; level: string } | null {
  const match = /^ripe\/ha\/([1-9]\d{0,6})\/([^/]+)\/set$/.exec(topic);
  return match === null ? null : { sensor: Number(match[1]), level: match[2] as string };
}

/** What a login of Home Assistant's own may receive, filter or topic. */
export function mayHomeAssistantReceive(prefix: string, topic: string): boolean {
  return topic.startsWith(ROOT) || topic.startsWith(`${prefix}/`);
}

export function mayHomeAssistantPublish(prefix: string, topic: string): boolean {
  return parseCommandTopic(topic) !== null || topic.startsWith(`${prefix}/`);
}
