import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a script in a process of its own, with a heap that nobody else fills; it prints its figures as JSON. */
export async function runProbe<Figures>(script: string, args: readonly string[]): Promise<Figures> {
  const options = { maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, ...args], options);
  return JSON.parse(stdout) as Figures;
}
