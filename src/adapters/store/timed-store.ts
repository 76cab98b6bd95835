import type { Store } from '../../domain/store.ts';

export type StoreOperation = 'read' | 'commit';
/** Told how long an operation has taken, in seconds. */
export type Observe = (operation: StoreOperation, seconds: number) => void;

/** What is done at once, or once in a run. */
const UNTIMED: ReadonlySet<string | symbol> = new Set(['write', 'open', 'close', 'load', 'prune']);

/** The same store, of which somebody is told how long everything takes that somebody waits for. */
export function timedStore(store: Store, observe: Observe): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (UNTIMED.has(name)) return member.bind(target);
      const operation = name === 'commit' || name === 'commitToDisk' ? 'commit' : 'read';
      return async (...args: unknown[]) => {
        const begun = performance.now();
        try {
          return await Reflect.apply(member, target, args);
        } finally {
          observe(operation, (performance.now() - begun) / 1_000);
        }
      };
    },
  });
}
