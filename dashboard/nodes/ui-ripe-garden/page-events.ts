import type { PageEvent } from './event-tray.ts';

/** What a page follows: every card, or everything of one sensor. */
export type Following = 'all' | number;

interface Payload {
  readonly [member: string]: unknown;
}

/** Of the wires' messages, those that pages may hear of, as they are told them; null: none. */
export function pageEvent(topic: unknown, payload: unknown): PageEvent | null {
  if (typeof topic !== 'string' || !/^(?:sensor|broker)\//.test(topic)) return null;
  if (!topic.endsWith('/reading')) return { topic, payload };
  const { sensor, reading } = (payload ?? {}) as Payload;
  return { topic, payload: { sensor, reading: measured(reading) } };
}

/** Most sensors have few of the metrics. */
function measured(reading: unknown): object {
  return Object.fromEntries(
    Object.entries((reading ?? {}) as Payload).filter(([, value]) => typeof value === 'number'),
  );
}

/** Log lines, envelopes and decisions that change nothing are for the page of their sensor only. */
export function isWanted({ topic, payload }: PageEvent, following: Following): boolean {
  const [area, id, kind] = topic.split('/');
  if (area === 'broker') return true;
  if (following !== 'all') return Number(id) === following || kind === 'registered' || kind === 'removed';
  return kind !== 'log' && kind !== 'envelope' && !(kind === 'decision' && isQuiet(payload));
}

/** Nearly every reading is followed by one: the agent goes on as before. What it holds is told by `command`. */
function isQuiet(payload: unknown): boolean {
  const { event, job } = (payload ?? {}) as Payload;
  return event === 'reading' && job === null;
}
