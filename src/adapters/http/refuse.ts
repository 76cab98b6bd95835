import type { ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import { wireJson } from '../../domain/wire-json.ts';

/** Answers a call that no node has seen. What is still on its way of its body is not waited for. */
export function refuse(response: ServerResponse, error: unknown): void {
  const known = error instanceof RipeError ? error : new RipeError('RIPE_REQUEST_ABORTED', {}, error);
  if (response.headersSent) return;
  const { status, code, message, params, field } = known;
  const retry = status === 429 ? { 'retry-after': String(params['seconds'] ?? 1) } : {};
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...retry });
  response.end(wireJson({ error: message, code, ...(field === undefined ? {} : { field }) }));
}
