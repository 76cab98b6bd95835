import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFile } from 'node:fs';
import type { Readable, Stream } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { LineReader } from './line-reader.ts';
import { accessFlags } from './process-access.ts';
import { warden } from './warden.ts';
import {
  HEAP_MB,
  type RunningState,
  type StartWorker,
  type Worker,
  type WorkerListener,
  type WorkerStart,
  YOUNG_MB,
} from './worker.ts';
import { parseProcessMessage } from './worker-message.ts';
import type { CallMessage, ProcessMessage } from './worker-protocol.ts';

/** The pipe that process-link.ts writes to. */
const ANSWERS = 3;
const FLAGS = [`--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB / 4}`, '--no-warnings'];
/** The largest result, each of its characters escaped, and something around it. */
const LONGEST_LINE = 2 * 1024 * 1024;
/** What Linux counts the use of processors in. */
const TICK_MS = 10;
/** Should memory run out, Linux takes this process, and not RIPE. */
const FIRST_TO_GO = '1000';

/** A process of its own, which may read its own files and installed modules, and reach nothing else on this machine. */
export const startConfinedProcess: StartWorker = (start, listener) =>
  new ProcessWorker(start, accessFlags(start.folder), listener);

/** A process of its own that may do what RIPE may: for plugins that need it. */
export const startProcess: StartWorker = (start, listener) => new ProcessWorker(start, [], listener);

/** The host's end of process-link.ts. Whatever comes out of the process is looked at before it is believed. */
class ProcessWorker implements Worker {
  readonly #child: ChildProcess;
  readonly #listener: WorkerListener;
  #begun: Extract<ProcessMessage, { begins: number }> | null = null;
  #isOver = false;

  constructor({ file, entry }: WorkerStart, flags: readonly string[], listener: WorkerListener) {
    this.#listener = listener;
    const args = [...FLAGS, ...flags, fileURLToPath(entry), file];
    const child = spawn(process.execPath, args, {
      env: environment(),
      // What it writes past its console is of no use to anybody.
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    child.once('error', (error) => this.#gone(`its worker does not start: ${error.message}`));
    // Not `exit`: what it has said before is heard first.
    child.once('close', (code, signal) => this.#gone(endOf(code, signal)));
    // There are none where this process may open no more files; `error` tells of that.
    const streams: readonly (Stream | null | undefined)[] = child.stdio ?? [];
    for (const stream of streams) stream?.on('error', () => undefined);
    this.#listen(streams[ANSWERS]);
    child.unref();
    for (const stream of streams) (stream as { unref?(): void } | null)?.unref?.();
    if (child.pid !== undefined) this.#watchOver(child.pid);
  }

  get running(): RunningState | null {
    if (this.#begun === null) return null;
    const { begins: id, sinceMs, cpuMs } = this.#begun;
    const elapsedMs = Number(process.hrtime.bigint()) / 1e6 - sinceMs;
    return { id, elapsedMs, cpuMs: usedMs(this.#child.pid) - cpuMs };
  }

  post(message: CallMessage): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  end(): void {
    this.#isOver = true;
    this.#child.kill('SIGKILL');
  }

  #gone(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.gone(reason);
  }

  #listen(answers: Stream | null | undefined): void {
    const lines = new LineReader((line) => this.#take(line));
    (answers as Readable | undefined)?.setEncoding('utf8').on('data', (text: string) => {
      lines.add(text);
      if (lines.open > LONGEST_LINE) this.#misbehaves();
    });
  }

  #take(line: string): void {
    if (this.#isOver) return;
    const message = parseProcessMessage(line);
    if (message === undefined) this.#misbehaves();
    else if ('begins' in message) this.#begun = message;
    else if ('ends' in message) this.#gone(message.ends);
    else {
      if ('id' in message) this.#begun = null;
      this.#listener.said(message);
    }
  }

  #misbehaves(): void {
    this.#gone('its worker says what no worker says');
  }

  #watchOver(pid: number): void {
    warden.watch(pid);
    this.#child.once('exit', () => warden.forget(pid));
    if (process.platform === 'linux') writeFile(`/proc/${pid}/oom_score_adj`, FIRST_TO_GO, () => undefined);
  }
}

/** Nothing that may be a password; Windows starts no process without this one. */
function environment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return SystemRoot === undefined ? {} : { SystemRoot };
}

function endOf(code: number | null, signal: string | null): string {
  if (signal === null) return `its worker ended with code ${code}`;
  // How V8 ends a process that has no memory left for its heap.
  const why = signal === 'SIGABRT' || signal === 'SIGTRAP' ? ': it was out of memory' : '';
  return `its worker ended with ${signal}${why}`;
}

/** What a process has had of the processors up to now; where the system does not tell, as much as can be. */
function usedMs(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
    return (user + system) * TICK_MS;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
