/** The app's ids have about 50 characters (protocol §10.1); MQTT 3.1 would end at 23. */
export const LONGEST_CLIENT_ID = 128;
const SEPARATOR = ' ';

/**
 * An id is only as good as who says it: with that of another client one would throw it out [MQTT3 3.1.4-2], or get what
 * waits for it. So each login, and each address of those without one, has ids of its own.
 */
export function scopedId(scope: string, id: string): string {
  // Without an id a client gets one that nobody can guess.
  return id === '' ? '' : `${encodeURIComponent(scope)}${SEPARATOR}${id}`;
}

/** The id as the client said it. */
export function plainId(id: string | null | undefined): string {
  return id === null || id === undefined ? '' : id.slice(id.indexOf(SEPARATOR) + 1);
}

/** Whose the id is. */
export function scopeOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(SEPARATOR)));
}
