import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { type Access, createAccess, type DashboardSocket } from '../../../dashboard/access/access.ts';

const PAGE = { accept: 'text/html' };

describe('The login of the dashboard', () => {
  let server: Server;
  let access: Access;
  let url = '';

  beforeEach(() => serve(express()));
  afterEach(() => stop());

  async function serve(app: express.Express): Promise<void> {
    access = createAccess({ authenticate: (password) => password === 'right', credential: 'hash' });
    // As the dashboard does it: at its mount, and again at its routes.
    app.use('/dashboard', access.middleware as never);
    app.get('/dashboard/*.js', access.middleware as never, (_request, response) => {
      response.type('js').send('garden '.repeat(1_000));
    });
    app.get('/dashboard/*', access.middleware as never, (_request, response) => void response.send('garden'));
    app.get('/dashboard', access.middleware as never, (_request, response) => void response.send('garden'));
    server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const stop = () => new Promise((resolve) => server.close(resolve));

  const get = (place: string, headers: Record<string, string> = {}) =>
    fetch(url + place, { headers, redirect: 'manual' });
  const logIn = (
    password: string,
    headers: Record<string, string> = {},
    next = '/dashboard/garden?sensor=7',
  ) =>
    fetch(`${url}/dashboard/login`, {
      method: 'POST',
      headers,
      redirect: 'manual',
      body: new URLSearchParams({ password, next }),
    });
  const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

  it('shows nothing without it: pages lead to the login, everything else is refused', async () => {
    const page = await get('/dashboard/garden?sensor=7', PAGE);
    assert.equal(page.status, 303);
    assert.equal(page.headers.get('location'), '/dashboard/login?next=%2Fdashboard%2Fgarden%3Fsensor%3D7');
    for (const place of [
      '/dashboard',
      '/dashboard/_setup',
      '/dashboard/assets/index.js',
      '/dashboard/logout',
    ]) {
      const { status } = await get(place);
      assert.equal(status, 401, place);
    }
  });

  it('lets in who knows the password, and leads to where that person wanted to go', async () => {
    const response = await logIn('right');
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), '/dashboard/garden?sensor=7');
    const cookie = response.headers.get('set-cookie') ?? '';
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/dashboard'])
      assert.ok(cookie.includes(part), cookie);
    for (const place of ['/dashboard', '/dashboard/garden']) {
      const page = await get(place, { cookie: cookieOf(response) });
      assert.equal(await page.text(), 'garden', place);
    }
  });

  it('does so in a Node-RED whose editor is at /, and has parsed the form before', async () => {
    await stop();
    await serve(express().use(express.json(), express.urlencoded({ extended: true })));
    assert.equal((await logIn('wrong')).status, 403);
    const response = await logIn('right');
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), '/dashboard/garden?sensor=7');
    assert.notEqual((await logIn('right', {}, 'x'.repeat(5_000))).status, 303);
  });

  it('lets a browser keep files that are named by their content, and nothing else', async () => {
    const cookie = cookieOf(await logIn('right'));
    const keeping = async (place: string) =>
      (await get(`/dashboard${place}`, { cookie })).headers.get('cache-control');
    assert.match((await keeping('/assets/index-CrLoQPpq.js')) ?? '', /private.*immutable/);
    for (const place of ['/garden', '/_setup', '/sw.js', '/assets/index.js'])
      assert.equal(await keeping(place), null, place);
    assert.equal((await get('/dashboard/assets/index-CrLoQPpq.js')).headers.get('cache-control'), null);
  });

  it('sends those files compressed, and nothing that may hold a secret', async () => {
    const cookie = cookieOf(await logIn('right'));
    const encodingOf = async (place: string, encodings: string) => {
      const response = await get(`/dashboard${place}`, { cookie, 'accept-encoding': encodings });
      assert.equal((await response.text()).length, 7_000);
      return response.headers.get('content-encoding');
    };
    assert.equal(await encodingOf('/assets/index-CrLoQPpq.js', 'gzip'), 'gzip');
    assert.equal(await encodingOf('/assets/index-CrLoQPpq.js', 'identity'), null);
    assert.equal(await encodingOf('/sw.js', 'gzip'), null);
  });

  it('sends its cookie over TLS only where TLS is spoken', async () => {
    const plain = await logIn('right');
    assert.ok(!plain.headers.get('set-cookie')?.includes('Secure'));
    const encrypted = await logIn('right', { 'x-forwarded-proto': 'https' });
    assert.ok(encrypted.headers.get('set-cookie')?.includes('Secure'));
  });

  it('leads to its own pages only', async () => {
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/dashboardx',
      '/red',
      '/dashboard/\\x',
      '/dashboard/login',
    ]) {
      const response = await logIn('right', {}, next);
      assert.equal(response.headers.get('location'), '/dashboard', next);
    }
  });

  it('says that a password is wrong, and escapes what it repeats', async () => {
    const response = await logIn('wrong', {}, '/dashboard/"><script>');
    assert.equal(response.status, 403);
    assert.equal(response.headers.get('set-cookie'), null);
    const text = await response.text();
    assert.match(text, /That is not the password/);
    assert.doesNotMatch(text, /<script>/);
  });

  it('speaks German to who asks for it', async () => {
    const response = await get('/dashboard/login', { 'accept-language': 'de-AT,de;q=0.9' });
    assert.match(await response.text(), /<html lang="de">[\s\S]*Anmelden/);
  });

  it('is no form for other sites', async () => {
    const response = await logIn('right', { origin: 'https://evil.example' });
    assert.equal(response.status, 403);
    assert.equal(response.headers.get('set-cookie'), null);
    const own = await logIn('right', { origin: url });
    assert.equal(own.status, 303);
  });

  it('listens to nobody who has guessed ten times', async () => {
    for (let guess = 0; guess < 10; guess++) assert.equal((await logIn('wrong')).status, 403);
    const response = await logIn('right');
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get('retry-after')) > 60);
    assert.equal(cookieOf(response), '');
  });

  it('forgets wrong ones after a right one', async () => {
    for (let guess = 0; guess < 9; guess++) await logIn('wrong');
    assert.equal((await logIn('right')).status, 303);
    assert.equal((await logIn('wrong')).status, 403);
  });

  it('refuses forms that are larger than any password', async () => {
    assert.equal((await logIn('x'.repeat(10_000))).status, 403);
  });

  it('ends by a logout, with the pages that are open', async () => {
    const cookie = cookieOf(await logIn('right'));
    const socket = new FakeSocket(cookie);
    assert.equal(socket.knock(access), 'in');
    const response = await fetch(`${url}/dashboard/logout`, {
      method: 'POST',
      headers: { cookie },
      redirect: 'manual',
    });
    assert.equal(response.headers.get('location'), '/dashboard/login');
    assert.ok(socket.isClosed);
    assert.equal((await get('/dashboard', { cookie })).status, 401);
    assert.equal(new FakeSocket(cookie).knock(access), 'Log in first');
  });

  it('is needed by sockets, too, and no other site may open one', async () => {
    const cookie = cookieOf(await logIn('right'));
    assert.equal(new FakeSocket('').knock(access), 'Log in first');
    assert.equal(new FakeSocket(`${cookie}x`).knock(access), 'Log in first');
    assert.equal(new FakeSocket(cookie, 'https://evil.example').knock(access), 'Log in first');
    assert.equal(new FakeSocket(cookie, 'http://garden.local').knock(access), 'in');
  });
});

class FakeSocket implements DashboardSocket {
  readonly request: DashboardSocket['request'];
  isClosed = false;

  constructor(cookie: string, origin?: string) {
    const headers = { cookie, host: 'garden.local', ...(origin === undefined ? {} : { origin }) };
    this.request = { headers };
  }

  knock(access: Access): string {
    let answer = 'none';
    access.ioMiddleware(this, (error) => {
      answer = error?.message ?? 'in';
    });
    return answer;
  }

  disconnect(): void {
    this.isClosed = true;
  }

  on(): void {}
}
