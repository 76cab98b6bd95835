import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The processes that run a plugin of this file or folder, by their command lines. */
export async function pluginProcesses(place: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,args=']);
  const lines = stdout.split('\n').filter((line) => line.includes('worker-entry') && line.includes(place));
  return lines.map((line) => Number.parseInt(line, 10));
}
