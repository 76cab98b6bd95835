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

/**
 * As one sensor is told: where a broker has an account for each, `{id}` and `{key}` in its login are those of the sensor.
 */
export function brokersFor(brokers: readonly Broker[], id: number, key: string): Broker[] {
  const own = (text: string) =>
    text.includes('{') ? text.replaceAll('{id}', String(id)).replaceAll('{key}', key) : text;
  return brokers.map(({ credentials: { username, password }, ...broker }) => ({
    ...broker,
    credentials: { username: own(username), password: own(password) },
  }));
}

/** How a broker of the garden stands. */
export interface BrokerStanding {
  readonly name: string;
  /** RIPE is connected and subscribed there, and clients are told of it. */
  readonly serves: boolean;
  /** Since when it is connected, or cannot be reached (ms UTC); null: it was not tried yet. */
  readonly since: number | null;
  /** Why RIPE is not connected there; null: it is, or has not tried. */
  readonly problem: string | null;
}
