import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from '../../src/adapters/mqtt/link/broker-link.ts';
import { fieldError } from '../../src/domain/errors.ts';
import type { ReceivedMessage } from '../shared/messages.ts';
import type { PayloadForm } from './config.ts';

/** A received message in the words of Node-RED's own `mqtt in`; throws where the payload is not what the dialog says. */
export function toReceived(message: IncomingMessage, form: PayloadForm): ReceivedMessage {
  const { payload, expiry, ...rest } = message;
  return {
    ...rest,
    ...(expiry === undefined ? {} : { messageExpiryInterval: expiry }),
    payload: decodePayload(payload, form),
  };
}

function decodePayload(payload: Buffer, form: PayloadForm): unknown {
  switch (form) {
    case 'buffer':
      return payload;
    case 'base64':
      return payload.toString('base64');
    case 'text':
      return payload.toString('utf8');
    case 'json':
      return parseJson(payload);
    case 'auto':
      return isUtf8(payload) ? parsedOrText(payload.toString('utf8')) : payload;
  }
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    throw fieldError('payload', 'is not JSON');
  }
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
