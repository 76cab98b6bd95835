/** Runs in a worker, before plugin code: an agent type answers with data, and does nothing else. */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import workerThreads from 'node:worker_threads';

const LARGEST_BUFFER = 64 * 1024 * 1024;

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'] as const;
const PROCESS = ['exit', 'kill', 'abort', 'chdir', 'dlopen'] as const;
const NETWORK = ['fetch', 'WebSocket', 'EventSource', 'BroadcastChannel'] as const;
const CHILDREN = ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync'] as const;
const ARRAYS = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

/**
 * Replaces what an agent type has no use for by an error that says what to do instead. A fault boundary, not a
 * security boundary: it catches mistakes, not malice.
 */
export function denyWaiting(): void {
  for (const name of TIMERS) deny([globalThis, timers, timersPromises], name);
  const { exit } = process;
  for (const name of PROCESS) deny([process], name);
  // Node.js itself ends a worker by it, after an error that nobody caught.
  process.on('uncaughtExceptionMonitor', () => {
    process.exit = exit;
  });
  for (const name of NETWORK) deny([globalThis], name);
  for (const name of CHILDREN) deny([childProcess], name);
  deny([net.Socket.prototype], 'connect');
  deny([net.Server.prototype], 'listen');
  deny([dgram], 'createSocket');
  deny([workerThreads], 'Worker');
  boundBuffers();
  syncBuiltinESMExports();
}

function deny(owners: readonly object[], name: string): void {
  // A function, so that `new` is refused with the same text.
  const denied = function denied(): never {
    throw new Error(`${name} is not for plugins: return a job or wakeAt instead`);
  };
  for (const owner of owners) {
    if (!(name in owner)) continue;
    // Node.js loads some of them when they are first touched, which takes as long as all the rest of a worker.
    Reflect.deleteProperty(owner, name);
    Object.defineProperty(owner, name, { value: denied, configurable: true, writable: true });
  }
}

/** Memory of buffers lies outside the heap, where a worker's limits do not reach. */
function boundBuffers(): void {
  for (const name of ARRAYS) boundConstructor(name);
  const buffer = Buffer as unknown as Record<string, (size: number, ...rest: unknown[]) => Buffer>;
  for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow']) {
    const original = buffer[name]?.bind(Buffer);
    if (original === undefined) continue;
    buffer[name] = (size, ...rest) => {
      refuseHuge(size, 1);
      return original(size, ...rest);
    };
  }
}

function boundConstructor(name: (typeof ARRAYS)[number]): void {
  const original = globalThis[name] as unknown as { new (...args: unknown[]): object; prototype: object };
  const width = 'BYTES_PER_ELEMENT' in original ? Number(original.BYTES_PER_ELEMENT) : 1;
  const bounded = new Proxy(original, {
    construct(target, args, newTarget) {
      refuseHuge(args[0], width);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  Object.defineProperty(globalThis, name, { value: bounded, configurable: true, writable: true });
}

function refuseHuge(length: unknown, width: number): void {
  if (typeof length === 'number' && length * width > LARGEST_BUFFER)
    throw new RangeError(`allocates ${Math.round((length * width) / 1e6)} MB at once`);
}
