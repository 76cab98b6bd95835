import type { Decorator } from '../agent/agent-ui.ts';
import { RipeError } from '../errors.ts';

/** What a person may want of an actuator, whatever its agent would decide. */
export type ForceOrder =
  | { readonly action: 'run'; readonly runMs: number }
  | { readonly action: 'hold'; readonly value: number }
  | { readonly action: 'stop' };

/** What has become of an order. Of a run first `queued` or `started`, and later how it ended. */
export type ForceOutcomeName =
  | 'queued'
  | 'started'
  | 'held'
  | 'stopped'
  | 'finished'
  | 'cancelled'
  | 'refused';

export interface ForceOutcome {
  readonly outcome: ForceOutcomeName;
  readonly sensor: number;
  readonly name: string;
  readonly domain: string;
  readonly agentName: string;
  /** What the actuator is told to hold now. */
  readonly value: number;
  /** ms UTC */
  readonly at: number;
  /** The run; null where no job is concerned. */
  readonly job: string | null;
  readonly startedAt: number | null;
  /** When the run ends, after every limit. */
  readonly endsAt: number | null;
  /** Why, as a sentence, where somebody has said so. */
  readonly reason: string | null;
}

const MOST_SECONDS = 86_400;

/**
 * An order as the payload of a command (protocol §6): seconds for an agent that runs, slider value × 1000 for one that
 * holds. Throws RIPE_FORCE_UNFIT where this agent does no such thing.
 */
export function payloadOf(
  order: Exclude<ForceOrder, { action: 'stop' }>,
  domain: string,
  decorator: Decorator,
): number {
  const unfit = (reason: string) => new RipeError('RIPE_FORCE_UNFIT', { domain, reason });
  if (order.action === 'run') {
    if ('Slider' in decorator)
      throw unfit('it holds a value and does not run for a time: hold one, or stop it');
    return Math.min(MOST_SECONDS, Math.max(1, Math.round(order.runMs / 1000)));
  }
  if (!('Slider' in decorator)) throw unfit('it runs for a time and holds no value: run it, or stop it');
  const [lower, upper] = decorator.Slider;
  // A slider from 0 to 1 is a percentage to people, and to its actuator.
  const scale = lower === 0 && upper === 1 ? 100 : 1;
  if (order.value < lower * scale || order.value > upper * scale) {
    throw unfit(`it holds values from ${lower * scale} to ${upper * scale}`);
  }
  return Math.round((order.value / scale) * 1000);
}
