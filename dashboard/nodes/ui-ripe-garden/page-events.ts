import type { PageEvent } from './event-tray.ts';

/** What a page follows: every card, or everything of one sensor. */
export type Following = 'all' | number;

interface Payload {
  readonly [member: string]: unknown;
}

/** Log lines, envelopes and decisions that change nothing are for the page of their sensor only; other messages for none. */
export function isWanted({ topic, payload }: PageEvent, following: Following): boolean {
  const [area, id, kind] = topic.split('/');
  if (area !== 'sensor') return area === 'broker';
  if (following !== 'all') return Number(id) === following || kind === 'registered' || kind === 'removed';
  return kind !== 'log' && kind !== 'envelope' && !(kind === 'decision' && isQuiet(payload));
}

/** Nearly every reading is followed by one: the agent goes on as before. What it holds is told by `command`. */
function isQuiet(payload: unknown): boolean {
  const { event, job } = (payload ?? {}) as Payload;
  return event === 'reading' && job === null;
}

/** Of a reading what was measured: most sensors have few of the metrics. */
export function asTold(event: PageEvent): PageEvent {
  if (!event.topic.endsWith('/reading')) return event;
  const { sensor, reading } = (event.payload ?? {}) as Payload;
  const measured: Record<string, number> = {};
  for (const [metric, value] of Object.entries((reading ?? {}) as Payload))
    if (typeof value === 'number') measured[metric] = value;
  return { topic: event.topic, payload: { sensor, reading: measured } };
}
