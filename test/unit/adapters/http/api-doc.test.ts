import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { after, before, describe, it } from 'mocha';
import { apiDoc } from '../../../../src/adapters/http/api-doc.ts';

describe('The page at /api/doc', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ripe-doc-'));
  let server: Server;
  let base = '';

  before(async () => {
    writeFileSync(path.join(folder, 'index.html'), '<p>page</p>');
    writeFileSync(path.join(folder, 'viewer.js'), 'void 0;');
    const app = express().use('/root/api/doc', apiDoc({ folder, document: { title: 'Öl' } }));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/root/api/doc`;
  });

  after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  it('comes with a policy that loads nothing from elsewhere', async () => {
    const response = await fetch(base);
    assert.equal(await response.text(), '<p>page</p>');
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  });

  it('is found with a slash at the end, too, where its paths would lead astray', async () => {
    const response = await fetch(`${base}/?a=1`);
    assert.equal(response.url, base);
    assert.equal(await response.text(), '<p>page</p>');
  });

  it('brings its viewer', async () => {
    const response = await fetch(`${base}/viewer.js`);
    assert.equal(await response.text(), 'void 0;');
    assert.match(response.headers.get('content-type') ?? '', /javascript/);
  });

  it('brings the document, escaped as every JSON of RIPE', async () => {
    assert.equal(await (await fetch(`${base}/api.json`)).text(), '{"title":"\\u00d6l"}');
  });

  it('has nothing else', async () => {
    for (const file of ['/..%2Fviewer.js', '/index.html', '/constructor'])
      for (const method of ['GET', 'POST']) assert.equal((await fetch(base + file, { method })).status, 404);
  });

  it('takes nothing, and says what it does', async () => {
    for (const file of ['', '/', '/viewer.js', '/api.json']) {
      for (const [method, status] of [
        ['POST', 405],
        ['DELETE', 405],
        ['OPTIONS', 204],
      ] as const) {
        const response = await fetch(base + file, { method });
        assert.deepEqual(
          [response.status, response.headers.get('allow')],
          [status, 'GET, HEAD'],
          method + file,
        );
      }
    }
    assert.equal((await fetch(base, { method: 'HEAD' })).status, 200);
  });

  it('is not there before the first build, and says so', async () => {
    rmSync(path.join(folder, 'viewer.js'));
    assert.equal((await fetch(`${base}/viewer.js`)).status, 404);
  });
});
