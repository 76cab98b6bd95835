import type { Store } from '../../domain/store.ts';

export type StoreOperation = 'read' | 'commit';
/** Told how long an operation has taken, in seconds. */
export type Observe = (operation: StoreOperation, seconds: number) => void;

/** What is done at once, or once in a run. */
const UNTIMED: ReadonlySet<string | symbol> = new Set([
  'write',
  'open',
  'close',
  'load',
  'sensors',
  'loadSensors',
  'endedJobs',
  'prune',
  'erase',
]);

/** The same store, of which somebody is told how long everything takes that somebody waits for. */
export function timedStore(store: Store, observe: Observe): Store {
  const members = new Map<string | symbol, unknown>();
  return new Proxy(store, {
    get(target, name) {
      // Numbers, as how much is queued, are asked for anew; methods are made once: each reading writes.
      const known = members.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const made = timed(member.bind(target), name, observe);
      members.set(name, made);
      return made;
    },
  });
}

type Method = (...args: unknown[]) => unknown;

function timed(method: Method, name: string | symbol, observe: Observe): Method {
  if (UNTIMED.has(name)) return method;
  const operation = name === 'commit' || name === 'commitToDisk' ? 'commit' : 'read';
  return async (...args) => {
    const begun = performance.now();
    try {
      return await method(...args);
    } finally {
      observe(operation, (performance.now() - begun) / 1_000);
    }
  };
}
