import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { LiveGarden } from '../../src/adapters/garden/live-garden.ts';
import { fieldError, RipeError } from '../../src/domain/errors.ts';

export type Body = Readonly<Record<string, unknown>>;

/**
 * Ends a job, or what an agent has on: that of an agent as a person would at its button, that of a flow at the
 * job-runner.
 */
export async function stopWork({ live }: Garden, { job, sensor, domain }: Body): Promise<void> {
  if (typeof sensor === 'number' && typeof domain === 'string') return stopAgent(live, sensor, domain);
  if (typeof job !== 'string' || job === '') throw fieldError('job', 'must be the id of a job');
  const found = live.jobs.find(({ id }) => id === job);
  // It has ended meanwhile: what was wanted is so.
  if (found === undefined) return;
  if (found.sensor === undefined || found.domain === undefined) live.cancel(job, 'stopped by hand');
  else await stopAgent(live, found.sensor, found.domain);
}

function stopAgent(live: LiveGarden, sensor: number, domain: string): Promise<void> {
  return live.runtime.force({ sensor, domain }, { action: 'stop' }, () => undefined);
}

/** The key of a sensor, for somebody who has asked for it and may deploy: they need it for the device. */
export function keyOf(garden: Garden, { sensor }: Body): { readonly key: string } {
  const key = typeof sensor === 'number' ? garden.keys.keyOf(sensor) : undefined;
  if (key === undefined) throw new RipeError('RIPE_SENSOR_UNKNOWN', { sensor: String(sensor) });
  return { key };
}

/** What a person asks of the plugins, by the name of an agent type or of what brings it. */
export async function usePlugin(garden: Garden, { action, name }: Body): Promise<void> {
  const { plugins } = garden;
  if (action === 'rescan') return plugins.rescan();
  if (typeof name !== 'string' || name === '') throw fieldError('name', 'must be the name of a plugin');
  switch (action) {
    case 'rollBack':
      return plugins.rollBack(name);
    case 'pin':
      return plugins.pin(name);
    case 'unpin':
      return plugins.unpin(name);
    default:
      throw fieldError('action', 'must be rescan, rollBack, pin or unpin');
  }
}
