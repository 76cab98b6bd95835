import type { Garden } from '../../src/adapters/garden/garden.ts';
import { fieldError } from '../../src/domain/errors.ts';

type Body = Readonly<Record<string, unknown>>;

/** Ends a job: that of an agent as a person would at its button, that of a flow at the job-runner. */
export async function stopJob(garden: Garden, { job }: Body): Promise<void> {
  if (typeof job !== 'string' || job === '') throw fieldError('job', 'must be the id of a job');
  const found = garden.live.jobs.find(({ id }) => id === job);
  // It has ended meanwhile: what was wanted is so.
  if (found === undefined) return;
  const { sensor, domain } = found;
  if (sensor === undefined || domain === undefined) garden.live.cancel(job, 'stopped by hand');
  else await garden.live.runtime.force({ sensor, domain }, { action: 'stop' }, () => undefined);
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
