import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

const NAME = 'ripe-dashboard';

/** The token that a browser brings; undefined: none. */
export function tokenOf(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name = '', value] = part.trim().split('=', 2);
    if (name === NAME && value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** A cookie that no script reads and no other site sends; an empty token deletes it. */
export function sessionCookie(
  request: IncomingMessage,
  place: string,
  token: string,
  seconds: number,
): string {
  const secure = isEncrypted(request) ? '; Secure' : '';
  return `${NAME}=${token}; Path=${place}; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}

/** Also behind a proxy that ends TLS; whoever makes that up only gets a stricter cookie. */
function isEncrypted(request: IncomingMessage): boolean {
  return (request.socket as TLSSocket).encrypted === true || request.headers['x-forwarded-proto'] === 'https';
}

/** Whether the page that asks came from here: browsers name it in `Origin`, other programs need not. */
export function isOwnOrigin({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  const asked = headers['x-forwarded-host'] ?? host;
  try {
    return new URL(origin).host === asked || new URL(origin).host === host;
  } catch {
    return false;
  }
}
