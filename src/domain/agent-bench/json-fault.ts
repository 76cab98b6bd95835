/**
 * What in a value would not survive as JSON, by its path; null where all of it does. RIPE stores states and sends answers
 * as JSON: a Date comes back as a text, NaN as null. A member that is undefined counts as absent, as it does there.
 */
export function jsonFault(value: unknown, path = ''): string | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : at(path, `is ${value}`);
  if (typeof value !== 'object')
    return at(path, `is ${typeof value === 'undefined' ? '' : 'a '}${typeof value}`);
  if (Array.isArray(value)) return firstFault(Object.entries([...value]), path);
  const kind = Object.getPrototypeOf(value) as object | null;
  if (kind !== null && kind !== Object.prototype) return at(path, `is a ${kind.constructor.name}`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return firstFault(members, path);
}

function firstFault(members: readonly (readonly [string, unknown])[], path: string): string | null {
  for (const [name, member] of members) {
    const fault = jsonFault(member, path === '' ? name : `${path}.${name}`);
    if (fault !== null) return fault;
  }
  return null;
}

const at = (path: string, what: string): string =>
  `${path === '' ? 'the answer' : path} ${what}, which is no JSON`;
