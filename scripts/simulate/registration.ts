import type { ConfigValue } from '../../src/domain/agent/settings-form.ts';
import type { Config, Credentials, RipeClient } from './ripe-client.ts';
import type { Timing } from './timing.ts';

export const WATER_DOMAIN = '01_Water';
const AGENT_TYPE = 'ThresholdAgent';
const LIMIT_KEY = '02_min_threshold';
const DURATION_KEY = '03_action_duration_ms';
const COOLDOWN_KEY = '04_action_cooldown_ms';

export interface RegisteredSensor {
  readonly credentials: Credentials;
  readonly name: string;
  /** Percent; the agent waters below it. */
  readonly limit: number;
}

export interface Registration {
  readonly name: string;
  readonly timing: Timing;
  /** Called before anything else can fail, so that the sensor can be deleted in any case. */
  readonly onOwned: (sensor: { readonly credentials: Credentials; readonly name: string }) => void;
}

/** Registers a sensor with an agent that waters at the speed of the simulation. */
export async function registerSensor(
  ripe: RipeClient,
  { name, timing, onOwned }: Registration,
): Promise<RegisteredSensor> {
  const credentials = await ripe.registerSensor(name);
  onOwned({ credentials, name });
  await ripe.registerAgent(credentials, WATER_DOMAIN, AGENT_TYPE);
  const config = await ripe.config(credentials, WATER_DOMAIN);
  await ripe.setConfig(credentials, WATER_DOMAIN, demoConfig(config, timing));
  return { credentials, name, limit: sliderValue(config[LIMIT_KEY]?.[1]) ?? 20 };
}

/** All keys of the agent without their labels (protocol §4.4), with the times that fit the speed. */
export function demoConfig(config: Config, timing: Timing): Record<string, ConfigValue> {
  const values = Object.entries(config).map(([key, [, value]]) => [key, value] as const);
  const demo: Record<string, ConfigValue> = Object.fromEntries(values);
  setSlider(demo, DURATION_KEY, timing.wateringMs);
  setSlider(demo, COOLDOWN_KEY, timing.cooldownMs);
  return demo;
}

function setSlider(config: Record<string, ConfigValue>, key: string, wanted: number): void {
  const value = config[key];
  if (value === undefined || !('TimeSlider' in value)) return;
  const [lower, upper, , steps] = value.TimeSlider;
  config[key] = { TimeSlider: [lower, upper, Math.min(upper, Math.max(lower, wanted)), steps] };
}

function sliderValue(value: ConfigValue | undefined): number | null {
  return value !== undefined && 'IntSlider' in value ? value.IntSlider[2] : null;
}
