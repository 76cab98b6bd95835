import type { SimulationEvent } from './events.ts';
import { type RegisteredSensor, WATER_DOMAIN } from './registration.ts';
import type { RipeClient } from './ripe-client.ts';
import { createSensorLink, type SensorLink } from './sensor-link.ts';
import type { Soil } from './soil.ts';
import { setPump, type VirtualSensor } from './virtual-sensor.ts';

export interface Plant {
  readonly sensor: VirtualSensor;
  readonly link: SensorLink;
}

export type OnEvent = (event: SimulationEvent, sensor?: VirtualSensor) => void;

/** A virtual sensor on its link: commands move its pump, and whatever happens becomes an event. */
export function createPlant(
  ripe: RipeClient,
  registered: RegisteredSensor,
  { soil, isLegacy }: { readonly soil: Soil; readonly isLegacy: boolean },
  onEvent: OnEvent,
): Plant {
  const { credentials, name } = registered;
  const who = { sensor: credentials.id, name };
  const sensor: VirtualSensor = {
    ...who,
    soil,
    isOnline: false,
    pumpOnSince: null,
    runs: 0,
    nextReadingAt: 0,
    lastEvent: '',
  };

  function onCommand(value: number): void {
    if (!setPump(sensor, value, Date.now())) return;
    const moisture = Math.round(sensor.soil.moisturePercent * 10) / 10;
    onEvent({ event: 'pump', ...who, on: value === 1, moisture }, sensor);
  }

  function goOffline(event: SimulationEvent): void {
    sensor.isOnline = false;
    onEvent(event, sensor);
  }

  const events = {
    onUp(broker: string) {
      sensor.isOnline = true;
      sensor.nextReadingAt = 0;
      onEvent({ event: 'connected', ...who, broker }, sensor);
    },
    onDown(reason: string) {
      // Who honours envelopes was told when to stop.
      if (isLegacy) onCommand(0);
      goOffline({ event: 'disconnected', ...who, reason });
    },
    onForgotten() {
      onCommand(0);
      goOffline({ event: 'forgotten', ...who });
    },
    onCommand,
  };
  return { sensor, link: createSensorLink({ ripe, credentials, domain: WATER_DOMAIN, events, isLegacy }) };
}
