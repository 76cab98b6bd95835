import type { Agent, AgentState, Phase, Sensor } from './shapes.ts';

export type Warning = 'lockedOut' | 'error' | 'silent' | 'parked' | 'dry' | 'lowBattery' | 'new';

/** A sensor that says nothing for so long is probably not there. */
export const SILENT_MS = 2 * 3_600_000;
/** Where no agent says below what it waters. */
const DRY_PERCENT = 15;
const LOW_BATTERY_PERCENT = 20;

const WEIGHTS: Readonly<Record<Warning, number>> = {
  lockedOut: 64,
  error: 32,
  silent: 16,
  parked: 8,
  dry: 4,
  lowBattery: 2,
  new: 1,
};

/** When the sensor was last heard of (ms UTC), or null. */
export function heardAt({ last_seen, data }: Sensor): number | null {
  const text = last_seen ?? data?.timestamp;
  return text === undefined ? null : Date.parse(text);
}

/** What a person should look at, the most urgent first. */
export function warningsOf(sensor: Sensor, now: number): Warning[] {
  const { agents, data } = sensor;
  const heard = heardAt(sensor);
  const found: Warning[] = [];
  if (agents.some((agent) => agent.locked_out)) found.push('lockedOut');
  else if (agents.some(({ ui }) => ui.state === 'Error')) found.push('error');
  if (heard === null) found.push('new');
  else if (now - heard > SILENT_MS) found.push('silent');
  if (agents.some(({ parked }) => parked)) found.push('parked');
  if (isDry(sensor)) found.push('dry');
  if (data?.battery != null && data.battery < LOW_BATTERY_PERCENT) found.push('lowBattery');
  return found.sort((a, b) => WEIGHTS[b] - WEIGHTS[a]);
}

export function isDry({ data, dry_below }: Sensor): boolean {
  return data?.moisture != null && data.moisture < (dry_below ?? DRY_PERCENT);
}

/** The phase of an agent that has an end, and that end (ms UTC). */
export function phaseOf(state: AgentState): { phase: Phase; end: number } | null {
  if (typeof state === 'string') return null;
  const [entry] = Object.entries(state) as [Phase, string][];
  return entry === undefined ? null : { phase: entry[0], end: Date.parse(entry[1]) };
}

/** A run is under way, which may still wait for its supply. */
export function isRunning({ ui }: Agent): boolean {
  const phase = phaseOf(ui.state)?.phase;
  return phase === 'Executing' || phase === 'Forced';
}

/** As far as RIPE knows, the actuator is on by a run. */
export function isOn(agent: Agent): boolean {
  return isRunning(agent) && !agent.waiting;
}

/** Those in need first, then those that do something, then by name. */
export function byNeed(sensors: readonly Sensor[], now: number, locale: string): Sensor[] {
  const rank = new Map(sensors.map((sensor) => [sensor, needOf(sensor, now)]));
  const names = new Intl.Collator(locale, { numeric: true });
  return [...sensors].sort(
    (a, b) => (rank.get(b) ?? 0) - (rank.get(a) ?? 0) || names.compare(a.name, b.name) || a.id - b.id,
  );
}

function needOf(sensor: Sensor, now: number): number {
  const warnings = warningsOf(sensor, now).reduce((sum, warning) => sum + WEIGHTS[warning], 0);
  return warnings + (sensor.agents.some(isRunning) ? 0.5 : 0);
}

export function byName(sensors: readonly Sensor[], locale: string): Sensor[] {
  const names = new Intl.Collator(locale, { numeric: true });
  return [...sensors].sort((a, b) => names.compare(a.name, b.name) || a.id - b.id);
}
