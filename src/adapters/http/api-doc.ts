import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { RipeError } from '../../domain/errors.ts';
import { wireJson } from '../../domain/wire-json.ts';
import { refuse } from './refuse.ts';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
const HTML = 'text/html; charset=utf-8';
const METHODS = ['GET', 'HEAD'];
const JAVASCRIPT = 'text/javascript; charset=utf-8';

export interface ApiDocOptions {
  /** Holds index.html and viewer.js. */
  readonly folder: string;
  readonly document: object;
}

/**
 * To be mounted at `/api/doc`: the page that shows the OpenAPI document, its viewer, and at `api.json` the document itself.
 * All paths in the page are relative to `/api/doc`, whatever Node-RED's `httpNodeRoot` is.
 */
export function apiDoc({ folder, document }: ApiDocOptions) {
  const json = wireJson(document);
  const serve: Readonly<Record<string, Serve>> = {
    '/': (request, response) => {
      // Express gives `/` in both cases; with a slash at the end the page's relative paths would lead astray.
      if (/\/(?:\?|$)/.test(originalUrl(request))) response.writeHead(308, { location: '../doc' }).end();
      else sendFile(response, path.join(folder, 'index.html'), HTML);
    },
    '/viewer.js': (_request, response) => sendFile(response, path.join(folder, 'viewer.js'), JAVASCRIPT),
    '/api.json': (_request, response) => {
      response.writeHead(200, {
        ...HEADERS,
        'content-type': 'application/json',
        'cache-control': 'no-cache',
      });
      response.end(json);
    },
  };
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const known = serve[(request.url ?? '').split('?')[0] || '/'];
    if (known === undefined) next();
    else if (METHODS.includes(request.method ?? '')) known(request, response);
    else if (request.method === 'OPTIONS') response.writeHead(204, { allow: METHODS.join(', ') }).end();
    else refuse(response, new RipeError('RIPE_METHOD_NOT_ALLOWED', { methods: METHODS.join(', ') }));
  };
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

function originalUrl(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '';
}

function sendFile(response: ServerResponse, file: string, type: string): void {
  const stream = createReadStream(file);
  stream.once('open', () => {
    response.writeHead(200, { ...HEADERS, 'content-type': type, 'cache-control': 'no-cache' });
    pipeline(stream, response, () => undefined);
  });
  // Before the first build there is no viewer.
  stream.once('error', () => {
    if (!response.headersSent) response.writeHead(404);
    response.end();
  });
}
