import { brokersFor } from '../../broker/broker.ts';
import { RipeError } from '../../errors.ts';
import type { ChangeKeyBody } from '../../rest/bodies.ts';
import type { ApiRequest } from '../../rest/request.ts';
import type { OperationTable, Workshop } from './requests.ts';

const DEFAULT_GRACE_S = 86_400;
/** So many former keys of one sensor may still have something at a broker: they go once that was told. */
const MOST_FORMER = 8;

export function keyOperations(workshop: Workshop): OperationTable {
  return { changeKey: (request) => changeKey(workshop, request) };
}

/** Gives a sensor a new key. Devices that have the former one are served until the grace period ends. */
async function changeKey(workshop: Workshop, request: ApiRequest): Promise<object> {
  const { store, keys, publisher, clock } = workshop;
  const { id, name } = workshop.twinOf(request);
  const former = keys.keyOf(id);
  if (former === undefined) throw new RipeError('RIPE_AUTH_SENSOR');
  if (keys.formerCount(id) >= MOST_FORMER) throw new RipeError('RIPE_KEY_LIMIT', { limit: MOST_FORMER });
  const { grace_seconds: grace = DEFAULT_GRACE_S } = request.body as ChangeKeyBody;
  const at = clock.now();
  const change = { sensor: id, key: workshop.newKey(), at, former, until: at + grace * 1_000 };
  store.write({ type: 'keyChanged', ...change });
  try {
    await store.commit();
  } catch (error) {
    // It stays queued: without this, a key that nobody was told would be the sensor's after the next start.
    store.write({ type: 'keyChanged', ...change, key: former, former: change.key, until: at });
    throw error;
  }
  keys.change(id, change.key, change.until);
  const twin = workshop.twins[id];
  if (twin !== undefined) publisher.repeat(twin);
  workshop.changes.tell(
    id,
    `sensor ${id} (${name}) has a new key; the former one works for another ${grace} s`,
  );
  return {
    id,
    key: change.key,
    broker: { items: brokersFor(workshop.brokers(request.host), id, change.key) },
    former_key_until: new Date(change.until).toISOString(),
  };
}
