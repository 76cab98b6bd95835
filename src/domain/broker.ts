import Type, { type Static } from 'typebox';

/**
 * An address that clients are told (protocol §4.1): exactly these members, and credentials are never null, since
 * the Raspberry Pi client unpacks them without a check.
 */
export const Broker = Type.Object({
  scheme: Type.Union([Type.Literal('tcp'), Type.Literal('wss')]),
  host: Type.String(),
  port: Type.Integer(),
  credentials: Type.Object({ username: Type.String(), password: Type.String() }),
});
export type Broker = Static<typeof Broker>;

/** For brokers that take anybody: a client must find some credentials. */
export const PLACEHOLDER_CREDENTIALS = { username: 'ripe', password: 'ripe' } as const;
