import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { OutgoingMessage, QoS } from '../../src/adapters/mqtt/broker-link.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { parseSensorTopic, sensorTopic } from '../../src/domain/topics.ts';

/** A message of the wire as MQTT publishes it; throws an error that names the bad field. */
export function toOutgoing(
  message: Readonly<Record<string, unknown>>,
  garden: Garden | undefined,
): OutgoingMessage {
  const { topic, retain = false, expiry } = message;
  if (typeof topic !== 'string' || topic === '') throw fieldError('topic', 'must be a text');
  if (/[+#]/.test(topic)) throw fieldError('topic', 'must not contain + or #');
  if (typeof retain !== 'boolean') throw fieldError('retain', 'must be true or false');
  return {
    topic: withKey(topic, garden),
    payload: payloadOf(message['payload']),
    qos: qosOf(message['qos']),
    retain,
    ...(expiry === undefined ? {} : { expiry: expiryOf(expiry) }),
  };
}

/** On RIPE's wires a sensor's topic has no key level: it is added here, from the garden. */
export function withKey(topic: string, garden: Garden | undefined): string {
  const parsed = parseSensorTopic(topic);
  if (garden === undefined || parsed === null || parsed.key !== null) return topic;
  const key = garden.keys.keyOf(parsed.sensor);
  if (key === undefined) throw fieldError('topic', `names sensor ${parsed.sensor}, which is not registered`);
  return sensorTopic(parsed.channel, parsed.sensor, key);
}

function payloadOf(payload: unknown): Buffer | string {
  if (Buffer.isBuffer(payload) || typeof payload === 'string') return payload;
  if (payload instanceof Uint8Array) return Buffer.from(payload);
  if (payload === undefined || payload === null) return '';
  return typeof payload === 'object' ? JSON.stringify(payload) : String(payload);
}

function qosOf(qos: unknown): QoS {
  if (qos === undefined) return 0;
  if (qos !== 0 && qos !== 1 && qos !== 2) throw fieldError('qos', 'must be 0, 1 or 2');
  return qos;
}

function expiryOf(expiry: unknown): number {
  if (typeof expiry === 'number' && Number.isInteger(expiry) && expiry > 0 && expiry <= 0xffff_ffff)
    return expiry;
  throw fieldError('expiry', 'must be a whole number of seconds');
}
