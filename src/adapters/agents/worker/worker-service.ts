/** Runs in a worker: answers the calls of an agent type, whatever its code is written in. */
import { getHeapStatistics } from 'node:v8';
import { BoundedConsole } from './bounded-console.ts';
import { type HostLink, openHostLink } from './host-link.ts';
import { textOf } from './text-of.ts';
import type { AgentCall, CallMessage, ReplayCall, WorkerMessage } from './worker-protocol.ts';

/** An agent type as the entry of its kind of file has loaded it. */
export interface ServedAgentType {
  /** What it says of itself: plain data. */
  describe(): unknown;
  /** Answers at once; what it throws fails this call only. */
  call(call: AgentCall): unknown;
}

const LARGEST_RESULT = 256 * 1024;
/** A run for each of 30,000 readings. */
const LARGEST_REPLAY = 1_536 * 1024;
/** Of everything that one plugin may hold; the heap has its own limit, which does not count buffers. */
const MOST_BYTES = 96 * 1024 * 1024;
// Taken before any plugin code runs, which is not to have them.
const { setImmediate } = globalThis;

/** Loads an agent type and serves it for the life of the worker. */
export function serve(load: (file: string) => Promise<ServedAgentType>): void {
  const link = openHostLink();
  const lines = new BoundedConsole((log) => link.say({ log }));
  lines.install();
  load(link.file)
    .then((agentType) => {
      const described = plain(agentType.describe());
      const calls = new CallQueue(agentType, link, lines);
      // Before the first call, which may wait already, and may be the last.
      link.say({ described });
      link.onCall((message) => calls.add(message));
    })
    .catch((error: unknown) => link.say({ failed: textOf(error) }));
}

/** One call after the other; RIPE knows which. */
class CallQueue {
  readonly #agentType: ServedAgentType;
  readonly #link: HostLink;
  readonly #console: BoundedConsole;
  #waiting: CallMessage[] = [];
  #isAtWork = false;

  constructor(agentType: ServedAgentType, link: HostLink, console: BoundedConsole) {
    this.#agentType = agentType;
    this.#link = link;
    this.#console = console;
  }

  add(message: CallMessage): void {
    this.#waiting.push(message);
    if (!this.#isAtWork) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const message of batch) await this.#answer(message);
    }
    this.#isAtWork = false;
  }

  async #answer({ id, call }: CallMessage): Promise<void> {
    this.#console.renew();
    const ask = call.fn === 'replay' ? await this.#replay(call) : () => plain(this.#agentType.call(call));
    this.#link.begin(id);
    const answer = outcomeOf(id, ask);
    // A storm of promises that the call has begun hangs the call itself, and not the next one.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const excess = memoryExcess();
    this.#link.end();
    this.#link.say(excess === null ? answer : { id, error: excess, isOver: true });
  }

  /** Its code is loaded by who needs it only: most workers are never asked. */
  async #replay(call: ReplayCall): Promise<() => unknown> {
    const { replayServed } = await import('./replay-served.ts');
    return () => plain(replayServed(this.#agentType, call), LARGEST_REPLAY);
  }
}

function outcomeOf(id: number, ask: () => unknown): Extract<WorkerMessage, { id: number }> {
  try {
    return { id, result: ask() };
  } catch (error) {
    return { id, error: textOf(error) };
  }
}

/** Limits of a worker count no buffers, and --max-old-space-size overrides them: so we look ourselves. */
function memoryExcess(): string | null {
  const { used_heap_size, external_memory } = getHeapStatistics();
  const held = used_heap_size + external_memory;
  return held > MOST_BYTES ? `holds ${Math.round(held / 1e6)} MB of memory` : null;
}

/** Results are JSON of a bounded size: decoding 200 MB would stall everybody else. */
function plain(value: unknown, largest = LARGEST_RESULT): unknown {
  if (value instanceof Promise) throw new Error('returned a promise: answer at once, and use wakeAt to wait');
  const text = JSON.stringify(value);
  if (text === undefined) throw new Error('returned nothing');
  if (text.length > largest) throw new Error(`returned more than ${largest} characters`);
  return JSON.parse(text);
}
