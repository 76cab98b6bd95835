/** How long messages may be handed to Node-RED in one go, in ms; it delivers each in a turn of its own. */
const SLICE_MS = 5;

/**
 * Calls one after the other, in order, and lets everything else have its turn in between: after a switch of the broker
 * every vector of a large garden goes out at once. The answer clears what has not been called yet.
 */
export function createPace(now: () => number = () => performance.now()): {
  run(call: () => void): void;
  clear(): void;
} {
  let waiting: (() => void)[] = [];
  let sliceEnds = 0;
  let immediate: NodeJS.Immediate | null = null;
  const begin = () => {
    sliceEnds = now() + SLICE_MS;
    immediate = setImmediate(go);
  };
  const go = () => {
    immediate = null;
    if (waiting.length === 0) return;
    begin();
    let done = 0;
    while (done < waiting.length && now() < sliceEnds) {
      waiting[done]?.();
      done += 1;
    }
    waiting = waiting.slice(done);
  };
  return {
    run(call) {
      if (immediate === null) begin();
      if (waiting.length === 0 && now() < sliceEnds) call();
      else waiting.push(call);
    },
    clear() {
      if (immediate !== null) clearImmediate(immediate);
      immediate = null;
      waiting = [];
    },
  };
}
