import type { NodeAPI } from 'node-red';

const waiting = new WeakMap<object, Set<() => void>>();

/** Calls back once all nodes of the deploy in progress are made. One listener for all: Node's limit is ten. */
export function onceFlowsStarted({ events }: NodeAPI, callback: () => void): void {
  const callbacks = waiting.get(events) ?? new Set();
  callbacks.add(callback);
  if (waiting.has(events)) return;
  waiting.set(events, callbacks);
  events.once('flows:started', () => {
    waiting.delete(events);
    for (const each of callbacks) each();
  });
}

/** Resolves once all nodes of the deploy in progress are made. */
export function flowsStarted(RED: NodeAPI): Promise<void> {
  return new Promise((resolve) => onceFlowsStarted(RED, resolve));
}
