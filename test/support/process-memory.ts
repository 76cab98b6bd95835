import { readFileSync } from 'node:fs';

/** What a process holds, in MiB. Nothing where the system does not tell. */
export interface ProcessMemory {
  /** Its pages, of shared ones its part of each (PSS). */
  readonly shareMib: number;
  /** Pages that nobody else has. */
  readonly ownMib: number;
}

/** Linux tells of every process of the same user. */
export function memoryOf(pid: number): ProcessMemory {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const mib = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
    return { shareMib: mib('Pss'), ownMib: mib('Private_Clean') + mib('Private_Dirty') };
  } catch {
    return { shareMib: 0, ownMib: 0 };
  }
}
