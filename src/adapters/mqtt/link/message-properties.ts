import type { IClientPublishOptions, IPublishPacket } from 'mqtt';

/** What MQTT 5 says about a message beside its topic and payload; an MQTT 3.1.1 broker never learns it. */
export interface MessageProperties {
  /** Seconds after which the broker drops the message; of a received one, what was left of them. */
  readonly expiry?: number;
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly correlationData?: Buffer;
  readonly userProperties?: Readonly<Record<string, string | string[]>>;
}

type Sent = NonNullable<IClientPublishOptions['properties']>;
type Received = IPublishPacket['properties'];

/** Undefined where the message has none. */
export function toPacketProperties(message: MessageProperties): Sent | undefined {
  const { expiry, contentType, responseTopic, correlationData, userProperties } = message;
  const properties: Sent = {
    ...(expiry === undefined ? {} : { messageExpiryInterval: expiry }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData }),
    ...(userProperties === undefined ? {} : { userProperties: { ...userProperties } }),
  };
  return Object.keys(properties).length === 0 ? undefined : properties;
}

export function fromPacketProperties(properties: Received): MessageProperties {
  if (properties === undefined) return {};
  const { messageExpiryInterval, contentType, responseTopic, correlationData, userProperties } = properties;
  return {
    ...(messageExpiryInterval === undefined ? {} : { expiry: messageExpiryInterval }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlationData }),
    // The library's object has no prototype, which contexts and debug nodes do not expect.
    ...(userProperties === undefined ? {} : { userProperties: { ...userProperties } }),
  };
}
