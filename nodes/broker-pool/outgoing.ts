import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { OutgoingMessage, QoS } from '../../src/adapters/mqtt/link/broker-link.ts';
import type { MessageProperties } from '../../src/adapters/mqtt/link/message-properties.ts';
import { parseSensorTopic, sensorTopic } from '../../src/domain/broker/topics.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { isObject } from '../../src/domain/json.ts';
import type { PublishDefaults } from './config.ts';

type Message = Readonly<Record<string, unknown>>;

/** A message of the wire as MQTT publishes it; throws an error that names the bad field. */
export function toOutgoing(
  message: Message,
  garden: Garden | undefined,
  defaults: PublishDefaults,
): OutgoingMessage {
  const topic = message['topic'] || defaults.topic;
  const { retain = defaults.retain } = message;
  if (typeof topic !== 'string') throw fieldError('topic', 'must be a text');
  if (/[+#]/.test(topic)) throw fieldError('topic', 'must not contain + or #');
  if (typeof retain !== 'boolean') throw fieldError('retain', 'must be true or false');
  return {
    topic: withKey(topic, garden),
    payload: payloadOf(message['payload']),
    qos: checkedQos(message['qos'] ?? defaults.qos),
    retain,
    ...propertiesOf(message),
  };
}

/** On RIPE's wires a sensor's topic has no key level: it is added here, from the garden. */
function withKey(topic: string, garden: Garden | undefined): string {
  const parsed = parseSensorTopic(topic);
  if (garden === undefined || parsed === null || parsed.key !== null) return topic;
  const key = garden.keys.keyOf(parsed.sensor);
  if (key === undefined) throw fieldError('topic', `names sensor ${parsed.sensor}, which is not registered`);
  return sensorTopic(parsed.channel, parsed.sensor, key);
}

/** The same message for a device that still has its sensor's former key; null where there is none. */
export function underFormerKey(
  topic: string,
  message: OutgoingMessage,
  garden: Garden | undefined,
): OutgoingMessage | null {
  const parsed = parseSensorTopic(topic);
  if (garden === undefined || parsed === null || parsed.key !== null) return null;
  const key = garden.keys.formerKeyOf(parsed.sensor);
  return key === undefined ? null : { ...message, topic: sensorTopic(parsed.channel, parsed.sensor, key) };
}

export function checkedQos(qos: unknown): QoS {
  if (qos !== 0 && qos !== 1 && qos !== 2) throw fieldError('qos', 'must be 0, 1 or 2');
  return qos;
}

function payloadOf(payload: unknown): Buffer | string {
  if (Buffer.isBuffer(payload) || typeof payload === 'string') return payload;
  if (payload instanceof Uint8Array) return Buffer.from(payload);
  if (payload === undefined || payload === null) return '';
  return typeof payload === 'object' ? JSON.stringify(payload) : String(payload);
}

function propertiesOf(message: Message): MessageProperties {
  const { contentType, responseTopic, correlationData, userProperties } = message;
  const expiry = message['expiry'] ?? message['messageExpiryInterval'];
  return {
    ...(expiry === undefined ? {} : { expiry: expiryOf(expiry) }),
    ...(contentType === undefined ? {} : { contentType: textOf('contentType', contentType) }),
    ...(responseTopic === undefined ? {} : { responseTopic: textOf('responseTopic', responseTopic) }),
    ...(correlationData === undefined ? {} : { correlationData: bytesOf(correlationData) }),
    ...(userProperties === undefined ? {} : { userProperties: pairsOf(userProperties) }),
  };
}

function expiryOf(expiry: unknown): number {
  if (typeof expiry === 'number' && Number.isInteger(expiry) && expiry > 0 && expiry <= 0xffff_ffff)
    return expiry;
  throw fieldError('expiry', 'must be a whole number of seconds');
}

function textOf(field: 'contentType' | 'responseTopic', value: unknown): string {
  const isTopic = field === 'responseTopic';
  const isGood = typeof value === 'string' && value.length <= 65_535 && !(isTopic && /[+#\0]/.test(value));
  if (isGood) return value;
  throw fieldError(field, isTopic ? 'must be a topic without wildcards' : 'must be a text');
}

function bytesOf(value: unknown): Buffer {
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value as string);
  throw fieldError('correlationData', 'must be a Buffer or a text');
}

/** Values that are no text are sent as JSON, as Node-RED's own `mqtt out` does. */
function pairsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) throw fieldError('userProperties', 'must be an object');
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)]),
  );
}
