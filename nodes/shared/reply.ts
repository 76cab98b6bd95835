import { advice } from '../../src/adapters/http/advice.ts';
import { RipeError } from '../../src/domain/errors.ts';
import type { Log } from '../../src/domain/runtime/ports.ts';
import type { Reply } from '../../src/domain/runtime/requests/reply.ts';
import { wireJson } from '../../src/domain/wire-json.ts';

/** What an `http response` node needs. */
export interface HttpReply {
  readonly payload: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

export function reply({ status, body, type, headers }: Reply): HttpReply {
  const isText = type !== undefined;
  return {
    statusCode: status,
    payload: isText ? String(body) : wireJson(body),
    headers:
      headers === undefined && !isText
        ? JSON_HEADERS
        : { ...JSON_HEADERS, ...(isText ? { 'content-type': type } : {}), ...headers },
  };
}

/** It has been told already. */
const SILENT: Pick<Log, 'error'> = { error: () => undefined };

/** `{"error": text, "code", "field"}`. What is no fault of the caller is logged, and told without its inside. */
export function errorReply(error: unknown, log: Pick<Log, 'error'>): HttpReply {
  if (!(error instanceof RipeError)) {
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return errorReply(new RipeError('RIPE_INTERNAL', {}, error), SILENT);
  }
  // Of a disk that hangs the store has told, once.
  if (error.status >= 500 && error.code !== 'RIPE_STORE_STALLED') log.error(error.message);
  const { code, message, status, field } = error;
  return reply({
    status,
    body: { error: message, code, ...(field === undefined ? {} : { field }) },
    headers: advice(error),
  });
}
