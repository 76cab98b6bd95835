import type { ServerResponse } from 'node:http';
import type { HttpReply } from './reply.ts';
import type { WiredNode } from './routes.ts';

/** `http response`, as it runs: what its dialog adds to each answer. */
interface ResponseNode extends WiredNode {
  readonly headers?: object;
  readonly statusCode?: number;
}

type Answer = Partial<HttpReply> & {
  readonly res?: { readonly _res?: ServerResponse };
  readonly cookies?: unknown;
};

const JSON_TYPE = 'application/json';
/** What Express makes of it; all of RIPE's JSON is ASCII. */
const SENT_TYPE = 'application/json; charset=utf-8';

/**
 * Answers a call as an `http response` node does that adds nothing of its own, but in one go: without Express's copy of the body
 * and its ETag, which nobody needs of what may not be stored. False: the node is another one, or is to do more than that.
 */
export function answerHttp(node: WiredNode, message: object): boolean {
  if (!addsNothing(node)) return false;
  const { res, payload, statusCode, headers, cookies } = message as Answer;
  const response = res?._res;
  const isJson = headers?.['content-type'] === JSON_TYPE && typeof payload === 'string';
  if (response === undefined || response.headersSent || !isJson || cookies !== undefined) return false;
  if (statusCode === undefined || !hasBody(statusCode)) return false;
  response.writeHead(statusCode, {
    ...headers,
    'content-type': SENT_TYPE,
    'content-length': payload.length,
  });
  response.end(payload, 'latin1');
  return true;
}

function addsNothing({ type, headers, statusCode }: ResponseNode): boolean {
  return type === 'http response' && Number.isNaN(statusCode) && Object.keys(headers ?? {}).length === 0;
}

const hasBody = (status: number): boolean =>
  status >= 200 && status !== 204 && status !== 205 && status !== 304;
