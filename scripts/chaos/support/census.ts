import { EventEmitter, getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How many there are of each kind of what a leak leaves behind. */
export type Census = Readonly<Record<string, number>>;

const REGISTERING = ['on', 'addListener', 'prependListener'] as const;

/**
 * Counts what keeps this process busy (sockets, timers, handles of child processes), and the listeners on every emitter
 * and abort signal that is still alive, from its making on. There is one in a process.
 */
export class CensusTaker {
  readonly #known = new WeakSet<object>();
  readonly #emitters = new Set<WeakRef<EventEmitter>>();
  readonly #signals = new Set<WeakRef<EventTarget>>();
  readonly #collect: () => void;
  readonly #undo: (() => void)[] = [];

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
    this.#watchEmitters();
    this.#watchSignals();
  }

  take(): Census {
    this.#collect();
    const counts: Record<string, number> = { listeners: this.#listeners() };
    for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
    // Work of this very moment.
    delete counts['Immediate'];
    return counts;
  }

  /** Watches no further emitters. */
  stop(): void {
    for (const step of this.#undo.splice(0)) step();
  }

  #listeners(): number {
    let count = 0;
    for (const emitter of living(this.#emitters)) {
      for (const name of emitter.eventNames()) count += emitter.listenerCount(name);
    }
    for (const signal of living(this.#signals)) count += getEventListeners(signal, 'abort').length;
    return count;
  }

  #watchEmitters(): void {
    const meets = (emitter: EventEmitter) => this.#meets(emitter, this.#emitters);
    const prototype = EventEmitter.prototype as Record<(typeof REGISTERING)[number], EventEmitter['on']>;
    for (const name of REGISTERING) {
      const { [name]: register } = prototype;
      this.#undo.push(() => {
        prototype[name] = register;
      });
      prototype[name] = function (this: EventEmitter, ...args) {
        meets(this);
        return register.apply(this, args);
      };
    }
  }

  #watchSignals(): void {
    const meets = (target: EventTarget) => this.#meets(target, this.#signals);
    const { addEventListener } = EventTarget.prototype;
    this.#undo.push(() => {
      EventTarget.prototype.addEventListener = addEventListener;
    });
    EventTarget.prototype.addEventListener = function (this: EventTarget, ...args) {
      if (this instanceof AbortSignal) meets(this);
      return addEventListener.apply(this, args as Parameters<typeof addEventListener>);
    };
  }

  #meets<Target extends object>(target: Target, all: Set<WeakRef<Target>>): void {
    if (this.#known.has(target)) return;
    this.#known.add(target);
    all.add(new WeakRef(target));
  }
}

function* living<Target extends object>(refs: Set<WeakRef<Target>>): Iterable<Target> {
  for (const ref of refs) {
    const target = ref.deref();
    if (target === undefined) refs.delete(ref);
    else yield target;
  }
}

/** The kinds of which there are more by `margin` than before. */
export function grown(before: Census, now: Census, margin: number): string[] {
  return Object.entries(now)
    .filter(([name, count]) => count > (before[name] ?? 0) + margin)
    .map(([name, count]) => `${name}: ${before[name] ?? 0}, then ${count}`);
}
