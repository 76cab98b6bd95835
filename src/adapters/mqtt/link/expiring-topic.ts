const PREFIX = '$ripe/expires/';

export interface ExpiringTopic {
  readonly topic: string;
  readonly seconds: number;
}

/**
 * How RIPE tells its embedded broker that a message expires: that speaks MQTT 3.1.1, which has no place for it. The broker
 * takes this from RIPE's own login only, and passes the message on under its real topic.
 */
export function expiringTopic({ topic, seconds }: ExpiringTopic): string {
  return `${PREFIX}${seconds}/${topic}`;
}

/** null: an ordinary topic. */
export function parseExpiringTopic(text: string): ExpiringTopic | null {
  if (!text.startsWith(PREFIX)) return null;
  const match = /^(\d{1,10})\/(.+)$/.exec(text.slice(PREFIX.length));
  return match === null ? null : { seconds: Number(match[1]), topic: match[2] as string };
}
