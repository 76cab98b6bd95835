import { createServer } from 'node:net';

/**
 * Below the range from which the system gives ports to outgoing connections (32768 on, on Linux): one of those could
 * take a port between this look at it and the moment when a broker or a RIPE listens there.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const LANES = 4;
/** Suites that run side by side have ports of their own: what one of them starts anew finds its port still free. */
const lane = process.env['TEST_LANE'];
const COUNT = (HIGHEST - LOWEST) / (lane === undefined ? 1 : LANES);
const FIRST = LOWEST + COUNT * (Number(lane ?? 0) % LANES);
/** Test processes that run side by side begin at other places. */
let next = (process.pid * 131) % COUNT;

/** A port of 127.0.0.1 that nobody listens on; no other call of this process gets it for a long while. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
