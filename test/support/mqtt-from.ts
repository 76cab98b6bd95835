import { connect } from 'node:net';
import process from 'node:process';
import { MqttClient } from 'mqtt';

/** Linux has all of 127.0.0.0/8; elsewhere everybody shares one address. */
const OTHER = process.platform === 'linux' ? { localAddress: '127.0.0.66' } : {};

/**
 * An MQTT client from an address of its own, as devices have: RIPE paces each address, and what one has sent too much would
 * keep others of its address waiting, too.
 */
export async function connectFromElsewhere(port: number, clientId: string): Promise<MqttClient> {
  const stream = () => connect({ host: '127.0.0.1', port, ...OTHER });
  const client = new MqttClient(stream, { clientId, protocolVersion: 4, clean: true, reconnectPeriod: 0 });
  client.on('error', () => undefined);
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  return client;
}
