import type { ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import { wireJson } from '../../domain/wire-json.ts';
import { advice } from './advice.ts';

/** How long a client may go on sending what nobody wants. */
const LINGER_MS = 1_000;

/**
 * Answers a call that no node has seen. Where its body is still on its way the connection ends after it. Else it stays, since a
 * new one for each refusal would cost more than the refusal.
 */
export function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof RipeError ? error : new RipeError('RIPE_REQUEST_ABORTED', {}, error);
  if (response.headersSent) return;
  const { status, code, message, field } = known;
  const { req } = response;
  const body = wireJson({ error: message, code, ...(field === undefined ? {} : { field }) });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(req.complete ? {} : { connection: 'close' }),
    ...advice(known),
  });
  if (req.complete) {
    response.end(body);
    return;
  }
  response.write(body);
  endAfterBody(response);
}

/**
 * A connection that is closed while its client still sends is reset, and the answer is lost with it (RFC 9112 §9.6). So the rest
 * is read and thrown away, for a while.
 */
function endAfterBody(response: ServerResponse): void {
  const { req } = response;
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS).unref();
  req.once('end', end).once('close', end).resume();
}
