import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HttpLimits } from '../../domain/broker/client-limits.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { addressGroup } from '../wall/client-address.ts';
import { ConnectionLimits } from '../wall/connection-limits.ts';
import { UnreadWatch } from './unread-watch.ts';

export interface ServerWallOptions {
  readonly limits: HttpLimits;
  readonly clock: Clock;
  /** Whoever comes through a trusted proxy has its address, so it is not counted. */
  isProxy(address: string): boolean;
  /** How long an upgrade may stay without an answer. */
  readonly upgradeMs?: number;
}

/** On every answer, whatever answers; a page of RIPE says more. Frames: the dashboard may be shown in the editor. */
const HEADERS = Object.entries({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'referrer-policy': 'same-origin',
});

/** How often Node looks for requests that take too long; its own 30 s would make every limit one of 30 s. */
const LOOK_EVERY_MS = 2_000;
const LOOK_FOR_UNREAD_MS = 500;
/** Within it somebody has answered an upgrade, or nobody will. */
const UPGRADE_MS = 5_000;

/**
 * Bounds what the whole HTTP server takes: for the Node-RED that RIPE starts itself, not for somebody's own. To be called
 * before the server listens. The answer undoes it, but for the timeouts.
 */
export function hardenServer(
  server: Server,
  { limits, clock, isProxy, upgradeMs = UPGRADE_MS }: ServerWallOptions,
): () => void {
  server.headersTimeout = limits.headerSeconds * 1_000;
  server.requestTimeout = limits.requestSeconds * 1_000;
  server.maxHeadersCount = limits.headers;
  // An option of createServer, which Node-RED calls without options; Node reads it when the server begins to listen.
  Object.assign(server, { connectionsCheckingInterval: LOOK_EVERY_MS });
  const connections = new ConnectionLimits(limits, clock);
  const unread = new UnreadWatch(limits.unreadBytes);
  const timer = setInterval(() => unread.look(), LOOK_FOR_UNREAD_MS).unref();
  const onConnection = (socket: Socket): void => {
    unread.watch(socket);
    const address = addressGroup(socket.remoteAddress);
    if (isProxy(socket.remoteAddress ?? '')) return;
    if (connections.enter(address) !== null) {
      socket.destroy();
      return;
    }
    socket.once('close', () => connections.leave(address));
  };
  const onRequest = (_request: IncomingMessage, response: ServerResponse): void => {
    for (const [name, value] of HEADERS) response.setHeader(name, value);
  };
  server.on('connection', onConnection);
  server.prependListener('request', onRequest);
  const onUpgrade = (_request: IncomingMessage, stream: Duplex): void => endUnanswered(stream, upgradeMs);
  server.on('upgrade', onUpgrade);
  return () => {
    clearInterval(timer);
    server.off('upgrade', onUpgrade);
    server.off('connection', onConnection);
    server.off('request', onRequest);
  };
}

/** From an upgrade on Node watches no time of a connection, and nobody may know this kind or path: then it would stay for ever. */
function endUnanswered(stream: Duplex, ms: number): void {
  const socket = stream as Socket;
  const written = socket.bytesWritten;
  const timer = setTimeout(() => socket.bytesWritten === written && socket.destroy(), ms).unref();
  socket.once('close', () => clearTimeout(timer));
}
