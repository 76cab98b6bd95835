import type { Control, DayTime, SettingValue } from '../data/shapes.ts';

/** Of a time slider without divisions. */
const DIVISIONS = 100;

/** `HH:MM`, as a time field wants it. */
export function clockOf({ ms }: DayTime): string {
  const minutes = Math.floor(ms / 60_000);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Of a time field, in the zone of who sets it; null: it is empty. */
export function dayTimeOf(text: string, zone: string): DayTime | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  return { ms: (Number(hours) * 60 + Number(minutes)) * 60_000, zone };
}

/** How far one step of a slider goes. */
export function stepOf({ kind, lower = 0, upper = 0, steps }: Control): number {
  return kind === 'timeSlider' ? Math.max(1, Math.round((upper - lower) / (steps ?? DIVISIONS))) : 1;
}

export function isSame(a: SettingValue, b: SettingValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
