import type { AgentTwin } from './twin.ts';

/**
 * The moisture (%) below which an agent of the sensor waters, the highest where several do; null: none does. Known by
 * the settings that ThresholdAgent has, whoever else has the same.
 */
export function dryLimit(agents: readonly Pick<AgentTwin, 'settings'>[]): number | null {
  const limits = agents.flatMap(({ settings }) => {
    const { active = true, minThreshold, metric = 'moisture', direction = 'below' } = settings;
    const isAtWork = active === true && metric === 'moisture' && direction === 'below';
    return isAtWork && typeof minThreshold === 'number' && minThreshold > 0 ? [minThreshold] : [];
  });
  return limits.length === 0 ? null : Math.max(...limits);
}
