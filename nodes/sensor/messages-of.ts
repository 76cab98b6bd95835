import type { Reading } from '../../src/domain/reading/reading.ts';
import type { RuntimeEvent } from '../../src/domain/runtime/events.ts';
import type { SensorMessage } from '../shared/messages.ts';
import type { Outputs } from '../shared/outlet.ts';

/** An event as the node's outputs send it: 1 readings, 2 commands, 3 everything else. */
export function messagesOf(event: RuntimeEvent, name: string, metric: string | undefined): Outputs {
  const { kind, ...rest } = event;
  const message = (payload: SensorMessage['payload']): SensorMessage => ({
    topic: `sensor/${event.sensor}/${kind}`,
    sensor: event.sensor,
    name,
    payload,
  });
  if (event.kind === 'reading') {
    const payload = metric === undefined ? structuredClone(event.reading) : metricOf(event.reading, metric);
    return payload === null ? [] : [message(payload)];
  }
  const copy = message(structuredClone(rest));
  return kind === 'command' || kind === 'envelope' ? [undefined, copy] : [undefined, undefined, copy];
}

/** One figure of a reading, also of those that only this sensor sends; null: it is not in it. */
export function metricOf(reading: Reading, metric: string): number | null {
  const own = (reading as unknown as Record<string, unknown>)[metric];
  if (typeof own === 'number') return own;
  return reading.extra?.[metric] ?? null;
}
