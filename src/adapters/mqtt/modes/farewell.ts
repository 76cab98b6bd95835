import { MASTER_PAYLOAD, MASTER_TOPIC } from '../../../domain/broker/topics.ts';
import type { BrokerLink } from '../link/broker-link.ts';

/** Tells clients at a broker that lives what the last will tells them at one that does not: ask REST where to go. */
export async function sayFarewell(link: BrokerLink): Promise<void> {
  const message = { topic: MASTER_TOPIC, payload: MASTER_PAYLOAD, qos: 2, retain: false } as const;
  // One that is lost meanwhile has published the will.
  await link.publish(message).catch(() => undefined);
}
