import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpLimits } from '../../domain/broker/client-limits.ts';
import { perBite } from '../wall/admission.ts';
import { BoundedLimiter } from '../wall/bounded-limiter.ts';
import type { AddressOf } from '../wall/client-address.ts';
import { refuseLate } from '../wall/late-refusal.ts';
import { refuse } from './refuse.ts';

const MINUTE_S = 60;

/**
 * Before the editor's own API: it reads bodies of 5 MB before it looks who sends them, and each login costs a slow hash.
 * Node-RED itself bounds logins by user name only, which locks the administrator out together with the attacker.
 */
export function adminWall({ limits, addressOf }: { limits: HttpLimits; addressOf: AddressOf }) {
  const calls = new BoundedLimiter(perBite(limits.requestsPerMinute));
  const logins = new BoundedLimiter({ points: limits.loginsPerMinute, seconds: MINUTE_S });
  const waitOf = (request: IncomingMessage): number => {
    const address = addressOf(request);
    const isLogin = request.method === 'POST' && /^\/auth\/token\/?(?:\?|$)/i.test(request.url ?? '');
    return Math.max(calls.take(address), isLogin ? logins.take(address) : 0);
  };
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const waitMs = waitOf(request);
    if (waitMs === 0) next();
    else refuseLate(waitMs).catch((error: unknown) => refuse(response, error));
  };
}
