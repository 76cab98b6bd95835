interface OfSensor {
  readonly sensor: number;
  readonly name: string;
}

export interface SensorReading {
  readonly moisture: number;
  readonly temperature: number;
  readonly humidity: number;
  readonly light: number;
  readonly battery: number;
}

/** What happens in a simulation; `--json` prints each as it is, so no event may hold a key. */
export type SimulationEvent =
  | { readonly event: 'started'; readonly url: string; readonly sensors: number; readonly speed: number }
  | ({ readonly event: 'registered' } & OfSensor)
  | ({ readonly event: 'connected'; readonly broker: string } & OfSensor)
  | ({ readonly event: 'disconnected'; readonly reason: string } & OfSensor)
  | ({ readonly event: 'forgotten' } & OfSensor)
  | ({ readonly event: 'reading' } & OfSensor & SensorReading)
  | ({ readonly event: 'pump'; readonly on: boolean; readonly moisture: number } & OfSensor)
  | ({ readonly event: 'deleted' } & OfSensor)
  | ({ readonly event: 'notDeleted'; readonly reason: string } & OfSensor)
  | {
      readonly event: 'ended';
      readonly seconds: number;
      readonly readings: number;
      readonly runs: number;
      readonly kept: boolean;
    };

/** What fits beside the rest of the table, which shows the figures already. */
export function shortText(event: SimulationEvent): string {
  if (event.event === 'connected') return 'online';
  if (event.event === 'forgotten') return 'deleted';
  return event.event === 'pump' ? `pump ${event.on ? 'on' : 'off'}` : eventText(event);
}

/** The event in a few words. */
export function eventText(event: SimulationEvent): string {
  switch (event.event) {
    case 'started':
      return `simulating ${plural(event.sensors, 'sensor')} at ${event.speed}× real time against ${event.url}`;
    case 'registered':
      return 'registered';
    case 'connected':
      return `online at ${event.broker}`;
    case 'disconnected':
      return `offline: ${event.reason}`;
    case 'forgotten':
      return 'RIPE has deleted it';
    case 'reading':
      return `${event.moisture.toFixed(1)} %`;
    case 'pump':
      return event.on
        ? `pump on at ${event.moisture.toFixed(1)} %`
        : `pump off at ${event.moisture.toFixed(1)} %`;
    case 'deleted':
      return 'deleted';
    case 'notDeleted':
      return `not deleted: ${event.reason}`;
    case 'ended':
      return endText(event);
  }
}

function endText(event: Extract<SimulationEvent, { event: 'ended' }>): string {
  const kept = event.kept ? '; the sensors stay in RIPE' : '';
  const counts = `${plural(event.readings, 'reading')}, ${plural(event.runs, 'run')}`;
  return `ended after ${Math.round(event.seconds)} s: ${counts}${kept}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
