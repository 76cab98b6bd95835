/** Where RIPE itself connects to. */
export interface InternalAddress {
  readonly scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  readonly host: string;
  readonly port: number;
  /** For ws and wss only, with its leading slash. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  /** false accepts a certificate nobody vouches for. */
  readonly rejectUnauthorized?: boolean;
  /** Certificates, as PEM, of those who vouch for the broker, in place of the public authorities. */
  readonly ca?: string;
}

/** What REST tells sensors and the app: the schemes they know (protocol §4.1). */
export interface ExternalAddress {
  readonly scheme: 'tcp' | 'wss';
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

export type ProtocolChoice = 'auto' | '5' | '3.1.1';

export interface BrokerDefinition {
  readonly name: string;
  /** Asked at each connect, since an embedded broker learns its port and login only when it starts; null = not available yet. */
  internal(): InternalAddress | null;
  readonly external: readonly ExternalAddress[];
  readonly protocol: ProtocolChoice;
  /** The broker keeps RIPE's session for an hour, so that what arrives during a restart is not lost. */
  readonly persistent: boolean;
  /** It learns from the topic when a message expires, see expiring-topic.ts. */
  readonly expiresByTopic?: true;
}
