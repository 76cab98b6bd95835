import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** A tick of Linux' clock for processes. */
const TICK_MS = 10;
const LOOK_EVERY_MS = 2_000;
/** At most this share of a core is used by one that has nothing to do. */
const IDLE = 0.15;

/** The processor time that a process has used so far, in ms. Linux only. */
export async function cpuMs(pid: number): Promise<number> {
  // The name, in parentheses, may hold blanks; user and system time are the 14th and 15th field.
  const [, rest = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Bytes that a process has had written to disks so far; what is deleted before that counts too. Linux only. */
export async function writtenBytes(pid: number): Promise<number> {
  return fieldOf(await readFile(`/proc/${pid}/io`, 'utf8'), 'write_bytes');
}

/** A number of `/proc/PID/io`, or `status`. */
export function fieldOf(text: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text);
  if (match === null) throw new Error(`there is no ${name}`);
  return Number(match[1]);
}

/** Resolves once a process has nothing to do any more. */
export async function untilCalm(pid: number, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  for (let before = await cpuMs(pid); performance.now() < until; ) {
    await pause(LOOK_EVERY_MS);
    const now = await cpuMs(pid);
    if (now - before < IDLE * LOOK_EVERY_MS) return;
    before = now;
  }
}
