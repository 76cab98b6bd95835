/**
 * Runs in a process of its own: calls come in by its standard input, everything else goes out by a pipe, both as lines of
 * JSON. The pipe is written to synchronously: what a call was announced by has left before its code runs.
 */
import { writeSync } from 'node:fs';
import type { HostLink } from './host-link.ts';
import { LineReader } from './line-reader.ts';
import { textOf } from './text-of.ts';
import type { CallMessage, ProcessMessage } from './worker-protocol.ts';

/** The pipe, among the file descriptors of the process. */
const ANSWERS = 3;
// Taken before any plugin code runs, which is not to have it.
const exit = process.exit.bind(process);

export function processLink(): HostLink {
  const { argv, stdin } = process;
  // RIPE decides when it ends, also where a terminal or a service manager tells all processes at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('uncaughtException', (error) => {
    say({ ends: textOf(error) });
    exit(1);
  });
  const early: CallMessage[] = [];
  let take = (message: CallMessage): unknown => early.push(message);
  const lines = new LineReader((line) => take(JSON.parse(line) as CallMessage));
  stdin.setEncoding('utf8').on('data', (text: string) => lines.add(text));
  // RIPE has gone. A loop does not notice that; then it is the warden who ends it.
  stdin.on('close', () => exit());
  return {
    file: argv[2] ?? '',
    onCall(taken) {
      take = taken;
      for (const message of early.splice(0)) take(message);
    },
    begin(id) {
      const { user, system } = process.cpuUsage();
      const sinceMs = Number(process.hrtime.bigint()) / 1e6;
      say({ begins: id, sinceMs, cpuMs: (user + system) / 1e3 });
    },
    end: () => undefined,
    say,
  };
}

function say(message: ProcessMessage): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(ANSWERS, bytes, at);
  } catch {
    // RIPE has gone.
    exit();
  }
}
