import { onBeforeUnmount } from 'vue';
import type { GardenStore } from '../data/garden-store.ts';
import type { GardenEvent } from '../data/shapes.ts';

/**
 * Loads at once, a moment after events that change what was loaded, and when the page has missed events. `staleAfter`: how many
 * ms after this event; null: it changes nothing. Several events are one load, at the earliest of their times.
 */
export function useFresh(
  store: Pick<GardenStore, 'onEvent' | 'onMissed'>,
  load: () => unknown,
  staleAfter: (event: GardenEvent) => number | null,
): void {
  const loading = new Soonest(load);
  const ends = [
    store.onMissed(() => void load()),
    store.onEvent((event) => {
      const ms = staleAfter(event);
      if (ms !== null) loading.within(ms);
    }),
  ];
  onBeforeUnmount(() => {
    for (const end of ends) end();
    loading.stop();
  });
  void load();
}

/** Does something once, at the earliest time that was asked for. */
export class Soonest {
  readonly #work: () => unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(work: () => unknown) {
    this.#work = work;
  }

  within(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#work();
    }, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}
