import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';
import { isOwnOrigin, sessionCookie, tokenOf } from './cookie.ts';
import { GuessLimit } from './guess-limit.ts';
import { LOGIN_POLICY, type LoginTrouble, loginPage } from './login-page.ts';
import { readForm } from './read-form.ts';
import { SESSION_MS, Sessions } from './sessions.ts';

export interface AccessOptions {
  /** Whether this is the password. */
  authenticate(password: string): boolean | Promise<boolean>;
  /** Changes whenever the password does, e.g. its hash: all logins of before end with it. */
  readonly credential: string;
  /** Where logins outlive a restart of Node-RED; absent: they do not. */
  readonly sessionFile?: string;
}

/** What of a Socket.IO connection is needed. */
export interface DashboardSocket {
  readonly request: Pick<IncomingMessage, 'headers'>;
  disconnect(isForGood: boolean): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

type Next = (error?: Error) => void;

/** For `dashboard` in Node-RED's settings. */
export interface Access {
  middleware(request: IncomingMessage, response: ServerResponse, next: Next): void;
  ioMiddleware(socket: DashboardSocket, next: Next): void;
}

const CHECK_EVERY_MS = 60_000;

/**
 * A login for a FlowFuse dashboard by one password. Without it neither page nor socket is served. Wrong passwords are
 * limited (10 in 15 minutes of one address, 100 of all), logins are good for 30 days, and open pages end with theirs.
 */
export function createAccess(options: AccessOptions): Access {
  const { sessionFile = null, credential } = options;
  const sessions = new Sessions({ file: sessionFile, credential });
  const gate = new Gate(options, sessions);
  return {
    middleware: (request, response, next) => {
      gate.pass(request, response, next).catch(next);
    },
    ioMiddleware: admitSockets(sessions),
  };
}

class Gate {
  readonly #options: AccessOptions;
  readonly #sessions: Sessions;
  readonly #guesses = new GuessLimit();
  readonly #compress = compression();
  /** The dashboard asks at its mount, and again at each of its routes: once is enough. */
  readonly #passed = new WeakSet<IncomingMessage>();

  constructor(options: AccessOptions, sessions: Sessions) {
    this.#options = options;
    this.#sessions = sessions;
  }

  async pass(request: IncomingMessage, response: ServerResponse, next: Next): Promise<void> {
    if (this.#passed.has(request)) return next();
    protect(response);
    const visit = this.#visit(request);
    if (visit.page === '/login') return this.#login(visit, request, response);
    if (visit.page === '/logout' && request.method === 'POST') return this.#logout(visit, request, response);
    if (visit.session !== undefined) {
      this.#passed.add(request);
      return HASHED_FILE.test(visit.page) ? this.#serveFile(request, response, next) : next();
    }
    if (isNavigation(request))
      redirect(response, `${visit.place}/login?next=${encodeURIComponent(visit.url)}`);
    else response.writeHead(401, { 'content-type': 'text/plain' }).end('Log in first');
  }

  /** By their names these never change: who comes again need not ask. To a first visit the dashboard would send 5 MB. */
  #serveFile(request: IncomingMessage, response: ServerResponse, next: Next): void {
    response.setHeader('cache-control', KEPT_FOR_A_YEAR);
    this.#compress(request as never, response as never, next as never);
  }

  #visit(request: IncomingMessage): Visit {
    const { baseUrl: place = '', originalUrl, url = '/' } = request as MountedRequest;
    const [page = '/', query = ''] = url.split('?', 2);
    const session = this.#sessions.find(tokenOf(request.headers.cookie));
    return { url: originalUrl ?? url, place, page, query: new URLSearchParams(query), session };
  }

  async #login(visit: Visit, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      const next = ownPage(visit.query.get('next'), visit.place);
      if (visit.session === undefined) showLogin(visit, request, response, { next });
      else redirect(response, next);
      return;
    }
    const form = isOwnOrigin(request) ? await readForm(request) : null;
    const next = ownPage(form?.get('next') ?? null, visit.place);
    if (form === null) return showLogin(visit, request, response, { next, trouble: { kind: 'foreign' } });
    const trouble = await this.#judge(form.get('password') ?? '', addressOf(request));
    if (trouble !== undefined) return showLogin(visit, request, response, { next, trouble });
    const cookie = sessionCookie(request, visit.place, this.#sessions.begin(), SESSION_MS / 1000);
    response.setHeader('set-cookie', cookie);
    redirect(response, next);
  }

  async #judge(password: string, address: string): Promise<LoginTrouble | undefined> {
    const seconds = await this.#guesses.take(address);
    if (seconds !== null) return { kind: 'wait', seconds };
    if (!(await this.#options.authenticate(password))) return { kind: 'wrong' };
    await this.#guesses.forgive(address);
    return undefined;
  }

  #logout(visit: Visit, request: IncomingMessage, response: ServerResponse): void {
    if (visit.session !== undefined && isOwnOrigin(request)) {
      this.#sessions.end(visit.session);
      response.setHeader('set-cookie', sessionCookie(request, visit.place, '', 0));
    }
    redirect(response, `${visit.place}/login`);
  }
}

/** What Express adds below a mounted path. */
interface MountedRequest extends IncomingMessage {
  readonly baseUrl?: string;
  readonly originalUrl?: string;
}

/** Who asks for what: `place` is the path of the dashboard as the browser sees it, `page` what follows it. */
interface Visit {
  readonly url: string;
  readonly place: string;
  readonly page: string;
  readonly query: URLSearchParams;
  readonly session: string | undefined;
}

/** What the dashboard's build has named by its content. */
const HASHED_FILE = /^\/assets\/[^/]+-[\w-]{8}\.\w+$/;
const KEPT_FOR_A_YEAR = 'private, max-age=31536000, immutable';
const ACCEPTS_HTML = /text\/html/;

function isNavigation({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && ACCEPTS_HTML.test(headers.accept ?? '');
}

/** A page of another site must not be able to lay a button over ours. */
function protect(response: ServerResponse): void {
  response.setHeader('content-security-policy', "frame-ancestors 'self'");
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
}

function redirect(response: ServerResponse, place: string): void {
  response.writeHead(303, { location: place, 'cache-control': 'no-store' }).end();
}

/** Where a login leads: to a page of this dashboard, whatever the address says. */
function ownPage(next: string | null, place: string): string {
  const isOwn =
    next !== null && (next === place || next.startsWith(`${place}/`) || next.startsWith(`${place}?`));
  return isOwn && !/[\\\p{Cc}]|\/login|\/logout/u.test(next) ? next : place;
}

function showLogin(
  { place }: Visit,
  request: IncomingMessage,
  response: ServerResponse,
  { next, trouble }: { next: string; trouble?: LoginTrouble },
): void {
  const language = /^de\b/i.test(request.headers['accept-language'] ?? '') ? 'de' : 'en';
  const wait = trouble?.kind === 'wait' ? { 'retry-after': String(trouble.seconds) } : {};
  response.writeHead(statusOf(trouble), {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': LOGIN_POLICY,
    ...wait,
  });
  response.end(request.method === 'HEAD' ? undefined : loginPage(place, next, language, trouble));
}

function statusOf(trouble: LoginTrouble | undefined): number {
  if (trouble === undefined) return 200;
  return trouble.kind === 'wait' ? 429 : 403;
}

const addressOf = (request: IncomingMessage) => request.socket.remoteAddress ?? '';

/** Lets in who is logged in, and closes the connection when that ends. */
function admitSockets(sessions: Sessions): Access['ioMiddleware'] {
  const open = new Map<DashboardSocket, string>();
  const closeWhere = (isOver: (session: string) => boolean) => {
    for (const [socket, session] of open) if (isOver(session)) socket.disconnect(true);
  };
  sessions.onEnd((ended) => closeWhere((session) => session === ended));
  setInterval(() => closeWhere((session) => !sessions.isGood(session)), CHECK_EVERY_MS).unref();
  return (socket, next) => {
    const { request } = socket;
    const session = sessions.find(tokenOf(request.headers.cookie));
    if (session === undefined || !isOwnOrigin(request)) return next(new Error('Log in first'));
    open.set(socket, session);
    socket.on('disconnect', () => open.delete(socket));
    next();
  };
}
