import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly residentKib: number;
}

/** Resident memory of a process and of everything it has started, in MiB. */
export async function residentMib(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  return treeResidentMib(stdout, pid);
}

/** `table` is what `ps -o pid=,ppid=,rss=` prints. */
export function treeResidentMib(table: string, root: number): number {
  const lines = table.split('\n').flatMap(parseLine);
  let kib = 0;
  const pending = [root];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    kib += lines.find((line) => line.pid === pid)?.residentKib ?? 0;
    pending.push(...lines.filter(({ parent }) => parent === pid).map((line) => line.pid));
  }
  return kib / 1024;
}

function parseLine(line: string): ProcessLine[] {
  const [pid, parent, residentKib] = line.trim().split(/\s+/).map(Number);
  if (pid === undefined || parent === undefined || residentKib === undefined) return [];
  return [{ pid, parent, residentKib }];
}
