import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** So many requests of a connection may wait for the one before them; no client of ours sends a second one early. */
const MOST_WAITING = 32;
const waiting = new WeakMap<Socket, number>();

/**
 * Serves the requests of one connection one after the other. A client may send hundreds in one piece and never read: Node
 * hands out all of them at once, and keeps their answers in memory.
 */
export function inTurn(request: IncomingMessage, response: ServerResponse, serve: () => void): void {
  // An answer has its socket when it is its turn.
  if (response.socket !== null) {
    serve();
    return;
  }
  const { socket } = request;
  const count = (waiting.get(socket) ?? 0) + 1;
  if (count > MOST_WAITING) {
    socket.destroy();
    return;
  }
  waiting.set(socket, count);
  response.once('socket', () => {
    waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
    serve();
  });
}
