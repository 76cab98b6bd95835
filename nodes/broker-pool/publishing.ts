import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import type { PublishDefaults } from './config.ts';
import { toOutgoing, underFormerKey } from './outgoing.ts';

/**
 * Publishes a message of the wire, and once more under the sensor's former key as long as that works. Resolves when the
 * first of both has arrived: who still has the former key is told as well as can be.
 */
export async function publishMessage(
  message: Readonly<Record<string, unknown>>,
  pool: BrokerPool,
  garden: Garden | undefined,
  defaults: PublishDefaults,
  canWait = true,
): Promise<void> {
  const outgoing = toOutgoing(message, garden, defaults);
  const copy = underFormerKey(String(message['topic'] || defaults.topic), outgoing, garden);
  if (copy !== null) pool.publish(copy, canWait).catch(() => undefined);
  await pool.publish(outgoing, canWait);
}
