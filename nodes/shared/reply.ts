import { RipeError } from '../../src/domain/errors.ts';
import type { Log } from '../../src/domain/runtime/ports.ts';
import { wireJson } from '../../src/domain/wire-json.ts';

/** What an `http response` node needs. */
export interface HttpReply {
  readonly payload: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

export function reply(statusCode: number, body: unknown): HttpReply {
  return { statusCode, payload: wireJson(body), headers: JSON_HEADERS };
}

/** `{"error": text, "code", "field"}`. What is no fault of the caller is logged, and told without its inside. */
export function errorReply(error: unknown, log: Log): HttpReply {
  if (!(error instanceof RipeError)) {
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return reply(500, { error: 'Internal error' });
  }
  if (error.status >= 500) log.error(error.message);
  const { code, message, params, status } = error;
  const field = params['field'];
  return reply(status, { error: message, code, ...(field === undefined ? {} : { field }) });
}
