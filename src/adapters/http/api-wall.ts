import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';
import type { HttpLimits } from '../../domain/broker/client-limits.ts';
import { perBite } from '../wall/admission.ts';
import { BoundedLimiter } from '../wall/bounded-limiter.ts';
import type { AddressOf } from '../wall/client-address.ts';
import { refuseLate } from '../wall/late-refusal.ts';
import { refuse } from './refuse.ts';

export interface ApiWallOptions {
  readonly limits: HttpLimits;
  readonly addressOf: AddressOf;
  /** From which origins pages may call; none: only those that RIPE itself serves. `*`: from any. */
  readonly corsOrigins: readonly string[];
}

/** Answers are data: no page may show them as one, be it in a frame, or as a script. */
const HEADERS = Object.entries({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
});

const HOUR_S = 3_600;

/** To be mounted before everything else at `/api`: what holds for every call, also for one of no route. */
export function apiWall({ limits, addressOf, corsOrigins }: ApiWallOptions) {
  const calls = new BoundedLimiter(perBite(limits.requestsPerMinute));
  const share = corsOrigins.length === 0 ? null : sharing(corsOrigins);
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    for (const [name, value] of HEADERS) response.setHeader(name, value);
    // Of a connection on which nothing passes any more; a stream of events has its beat.
    response.setTimeout(limits.unreadSeconds * 1_000);
    const proceed = () => {
      const waitMs = calls.take(addressOf(request));
      if (waitMs === 0) next();
      else refuseLate(waitMs).catch((error: unknown) => refuse(response, error));
    };
    if (share === null) proceed();
    else share(request, response, proceed);
  };
}

function sharing(origins: readonly string[]) {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'X-KEY',
      'X-TZ',
      'Content-Type',
      'Authorization',
      'Accept',
      'Accept-Language',
      'Last-Event-ID',
    ],
    exposedHeaders: ['Retry-After', 'Link'],
    maxAge: HOUR_S,
  });
}
