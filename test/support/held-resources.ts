import assert from 'node:assert/strict';
import type { NodeRedSite } from './node-red-site.ts';

/** What the process and Node-RED hold, by kind: timers, sockets, listeners. */
export function heldBy(site: NodeRedSite): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (name: string, by = 1) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  for (const name of process.getActiveResourcesInfo()) count(name);
  const { events, server } = site.RED;
  for (const name of events.eventNames()) count(`event ${String(name)}`, events.listenerCount(name));
  count('upgrade listeners', server.listenerCount('upgrade'));
  for (const name of process.eventNames()) count(`process ${String(name)}`, process.listenerCount(name));
  return counts;
}

/** One timer more or less may run at any moment; what leaks grows with every round. */
export function assertNoGrowth(rounds: readonly Record<string, number>[]): void {
  for (const name of Object.keys(rounds.at(-1) ?? {})) {
    const counts = rounds.map((round) => round[name] ?? 0);
    const [early, late] = [Math.max(...counts.slice(0, 3)), Math.min(...counts.slice(-3))];
    assert.ok(late <= early, `${name}: ${counts}`);
  }
}
