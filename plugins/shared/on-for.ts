import type { Plan } from '@ripe-iot/node-red-ripe/agent';

/** On for a time, then off; with a shared supply only while that has room. */
export function onFor(durationMs: number, supply: string): Plan {
  const steps = [{ set: 1 }, { wait: durationMs }, { set: 0 }];
  return supply === '' ? { steps } : { steps, supply };
}
