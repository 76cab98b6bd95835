/** The air above the bed, from the simulated time of day alone. */
export interface Weather {
  /** 0 at night … 1 at noon */
  readonly daylight: number;
  readonly lightLux: number;
  readonly airCelsius: number;
  readonly humidityPercent: number;
}

/** A pot: what its sensor measures, and how fast it dries compared with its neighbours. */
export interface Soil {
  readonly moisturePercent: number;
  readonly soilCelsius: number;
  readonly batteryPercent: number;
  readonly thirst: number;
}

export interface SoilStep {
  /** simulated */
  readonly seconds: number;
  readonly weather: Weather;
  /** What the pump adds, in percent per simulated second; 0 while it is off. */
  readonly inflow: number;
}

const DAY_SECONDS = 86_400;
const SUNRISE = 6 * 3600;
const SUNSET = 20 * 3600;
const NOON_LUX = 48_000;

/**
 * Percent per simulated second. No real bed dries as fast: at 60 times real time a pot shall need water every
 * minute or two, or there would be nothing to see.
 */
const DRYING_AT_NIGHT = 0.2 / 60;
const DRYING_BY_SUN = 0.35 / 60;

/** The soil follows the air slowly: two thirds of a difference in this many seconds. */
const SOIL_INERTIA_SECONDS = 2 * 3600;
const BATTERY_PER_SECOND = 1 / DAY_SECONDS;
const COLD_WATER_CELSIUS = 14;

export function weatherAt(simulatedSeconds: number): Weather {
  const time = simulatedSeconds % DAY_SECONDS;
  const sun = Math.sin((Math.PI * (time - SUNRISE)) / (SUNSET - SUNRISE));
  const daylight = time > SUNRISE && time < SUNSET ? Math.max(0, sun) : 0;
  // The warmest hour is 15:00, two hours after the sun is highest.
  const warmth = Math.cos((2 * Math.PI * (time - 15 * 3600)) / DAY_SECONDS);
  return {
    daylight,
    lightLux: Math.round(daylight * NOON_LUX),
    airCelsius: 19 + 7 * warmth,
    humidityPercent: 60 - 20 * warmth,
  };
}

/** Percent per simulated second that a pot of that thirst loses. */
export function dryingRate(weather: Weather, thirst: number): number {
  return (DRYING_AT_NIGHT + DRYING_BY_SUN * weather.daylight) * thirst;
}

/** Inflow that brings a pot up by `risePercent` within a run, whatever it loses meanwhile. */
export function pumpInflow(risePercent: number, runSimulatedSeconds: number): number {
  return risePercent / runSimulatedSeconds + DRYING_AT_NIGHT + DRYING_BY_SUN;
}

export function stepSoil(soil: Soil, step: SoilStep): Soil {
  const { seconds, weather, inflow } = step;
  const change = (inflow - dryingRate(weather, soil.thirst)) * seconds;
  const follow = 1 - Math.exp(-seconds / SOIL_INERTIA_SECONDS);
  const target = inflow > 0 ? COLD_WATER_CELSIUS : weather.airCelsius;
  return {
    ...soil,
    moisturePercent: clamp(soil.moisturePercent + change, 0, 100),
    soilCelsius: soil.soilCelsius + (target - soil.soilCelsius) * follow,
    batteryPercent: clamp(soil.batteryPercent - BATTERY_PER_SECOND * seconds, 0, 100),
  };
}

/**
 * A pot that reaches the limit about `5 + 12 × index` real seconds after the start, so that runs are seen soon and
 * one after the other.
 */
export function startSoil(index: number, start: { limit: number; speed: number; weather: Weather }): Soil {
  const thirst = 1 - 0.06 * (index % 4);
  const head = dryingRate(start.weather, thirst) * start.speed * (5 + 12 * index);
  return {
    moisturePercent: Math.min(95, start.limit + (head % 60)),
    soilCelsius: start.weather.airCelsius - 1,
    batteryPercent: 100 - ((index * 7) % 40),
    thirst,
  };
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
