import type { SensorReading } from './events.ts';
import { type Soil, stepSoil, type Weather } from './soil.ts';

/** One simulated device: its pot, its pump, and what the table shows of it. Times are real, in ms. */
export interface VirtualSensor {
  readonly sensor: number;
  readonly name: string;
  soil: Soil;
  isOnline: boolean;
  pumpOnSince: number | null;
  runs: number;
  nextReadingAt: number;
  lastEvent: string;
}

/** Whether the pump changed. On is exactly 1 (protocol §5.3). */
export function setPump(sensor: VirtualSensor, value: number, now: number): boolean {
  const isOn = value === 1;
  if (isOn === (sensor.pumpOnSince !== null)) return false;
  sensor.pumpOnSince = isOn ? now : null;
  if (isOn) sensor.runs += 1;
  return true;
}

export function advance(
  sensor: VirtualSensor,
  step: { readonly seconds: number; readonly weather: Weather; readonly pumpInflow: number },
): void {
  const inflow = sensor.pumpOnSince === null ? 0 : step.pumpInflow;
  sensor.soil = stepSoil(sensor.soil, { seconds: step.seconds, weather: step.weather, inflow });
}

/** Rounded as a device would; light is an integer on the wire (protocol §4.2). */
export function readingOf(sensor: VirtualSensor, weather: Weather): SensorReading {
  return {
    moisture: toTenth(sensor.soil.moisturePercent),
    temperature: toTenth(sensor.soil.soilCelsius),
    humidity: toTenth(weather.humidityPercent),
    light: weather.lightLux,
    battery: toTenth(sensor.soil.batteryPercent),
  };
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
