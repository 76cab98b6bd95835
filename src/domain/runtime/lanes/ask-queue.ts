import type { Awaitable } from '../../agent/agent-host.ts';

/** Whose work is done in order. */
export interface Line {
  /** The last work that is still under way; null: none is. */
  tail: Promise<unknown> | null;
}

/**
 * Does the work of a line in order. While every answer comes at once nothing is queued and nothing is awaited, so that
 * shipped agent types cost no promise per reading; once an answer takes time, what follows waits for it.
 */
export function inOrder<Result>(line: Line, work: () => Awaitable<Result>): Awaitable<Result> {
  const result = line.tail === null ? work() : line.tail.then(work);
  if (result instanceof Promise) follow(line, result);
  return result;
}

function follow(line: Line, result: Promise<unknown>): void {
  const done = () => {
    if (line.tail === tail) line.tail = null;
  };
  const tail: Promise<void> = result.then(done, done);
  line.tail = tail;
}
