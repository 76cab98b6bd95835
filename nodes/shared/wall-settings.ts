import type { NodeAPI } from 'node-red';
import { type AddressOf, createAddressOf, createIsProxy } from '../../src/adapters/wall/client-address.ts';
import {
  HTTP_LIMITS,
  type HttpLimits,
  MQTT_LIMITS,
  type MqttLimits,
  parseClientLimits,
} from '../../src/domain/broker/client-limits.ts';
import { ripeSettings } from './settings.ts';

/** What clients are held to; each throws an error that names the setting. */
export function httpLimits(RED: NodeAPI): HttpLimits {
  return parseClientLimits('httpLimits', ripeSettings(RED).httpLimits ?? '', HTTP_LIMITS);
}

export function mqttLimits(RED: NodeAPI): MqttLimits {
  return parseClientLimits('mqttLimits', ripeSettings(RED).mqttLimits ?? '', MQTT_LIMITS);
}

export function addressOf(RED: NodeAPI): AddressOf {
  return createAddressOf(listOf(ripeSettings(RED).trustedProxies));
}

export function isProxy(RED: NodeAPI): (address: string) => boolean {
  return createIsProxy(listOf(ripeSettings(RED).trustedProxies));
}

export function corsOrigins(RED: NodeAPI): string[] {
  return listOf(ripeSettings(RED).corsOrigins);
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
