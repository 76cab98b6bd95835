import type { ChildProcess } from 'node:child_process';

export interface OutputTail {
  /** The last lines that the process printed. */
  text(): string;
}

const MOST_LINES = 40;

/** Reads what a process prints, so that it never waits for a reader, and keeps the end for error messages. */
export function createOutputTail({ stdout, stderr }: ChildProcess): OutputTail {
  let tail = '';
  const keep = (chunk: Buffer) => {
    tail = (tail + chunk.toString()).split('\n').slice(-MOST_LINES).join('\n');
  };
  stdout?.on('data', keep);
  stderr?.on('data', keep);
  return { text: () => tail.trim() };
}
