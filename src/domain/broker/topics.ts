/** The topics of protocol §5.1. */
export const MASTER_TOPIC = 'ripe/master';
export const MASTER_PAYLOAD = 'master';
/** Retained: which RIPE commands here, for one that is started a second time. */
export const EPOCH_TOPIC = 'ripe/epoch';
export const DATA_WILDCARD = 'sensor/data/+/+';
export const LOG_WILDCARD = 'sensor/log/+/+';
export const ACK_WILDCARD = 'sensor/ack/+/+';

export const HIGHEST_SENSOR_ID = 9_999_999;

/** What sensors say: readings, log lines, and reports on what they were told. */
export const SENSOR_SAYS = ['data', 'log', 'ack'] as const;
/** What they are told: command vectors, and envelopes. */
export const SENSOR_HEARS = ['cmd', 'envelope'] as const;

export type SensorChannel = (typeof SENSOR_SAYS)[number] | (typeof SENSOR_HEARS)[number];

/** Whether a channel is for sensors to publish on. */
export function isSaid(channel: SensorChannel): channel is (typeof SENSOR_SAYS)[number] {
  return (SENSOR_SAYS as readonly string[]).includes(channel);
}

/** A sensor's topic; `key` is null on RIPE's own wires, once the key has been checked or is still to be added. */
export interface SensorTopic {
  readonly channel: SensorChannel;
  readonly sensor: number;
  readonly key: string | null;
}

export function sensorTopic(channel: SensorChannel, sensor: number, key?: string): string {
  return key === undefined ? `sensor/${channel}/${sensor}` : `sensor/${channel}/${sensor}/${key}`;
}

/** Reads a sensor's topic, with or without its key level; null for every other topic. */
export function parseSensorTopic(topic: string): SensorTopic | null {
  const match = /^sensor\/(data|log|ack|cmd|envelope)\/([1-9]\d{0,6})(?:\/([^/+#]+))?$/.exec(topic);
  if (match === null) return null;
  return { channel: match[1] as SensorChannel, sensor: Number(match[2]), key: match[3] ?? null };
}
