import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import { wireJson } from '../../domain/wire-json.ts';

/**
 * Answers a call that no node has seen. What is still on its way of its body is not waited for: then the connection ends. Else
 * it stays, since a new one for each refusal would cost more than the refusal.
 */
export function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof RipeError ? error : new RipeError('RIPE_REQUEST_ABORTED', {}, error);
  if (response.headersSent) return;
  const { status, code, message, params, field } = known;
  const body = wireJson({ error: message, code, ...(field === undefined ? {} : { field }) });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(response.req.complete ? {} : { connection: 'close' }),
    ...advice(status, params),
  });
  response.end(body);
}

/** What the caller had better do, as a header. */
function advice(status: number, params: RipeError['params']): OutgoingHttpHeaders {
  if (status === 429) return { 'retry-after': String(params['seconds'] ?? 1) };
  return status === 405 ? { allow: String(params['methods']) } : {};
}
