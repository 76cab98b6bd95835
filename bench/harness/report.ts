import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import process from 'node:process';
import type { BenchOutcome } from './bench-case.ts';

/** What a run leaves for other programs; the machine is named because figures mean nothing without it. */
export interface BenchReport {
  readonly startedAt: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly cases: readonly BenchOutcome[];
}

export function createReport(startedAt: Date, cases: readonly BenchOutcome[]): BenchReport {
  const cpus = os.cpus();
  return {
    startedAt: startedAt.toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    cases,
  };
}

export async function writeReport(file: string, report: BenchReport): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}
