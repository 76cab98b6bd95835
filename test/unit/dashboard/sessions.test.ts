import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SESSION_MS, Sessions } from '../../../dashboard/access/sessions.ts';

describe('Logins of the dashboard', () => {
  let dir = '';
  let now = 1_000;
  const file = () => path.join(dir, 'sessions.json');
  const open = (credential = 'hash') => new Sessions({ file: file(), credential, now: () => now });

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'ripe-sessions-'));
    now = 1_000;
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are good for 30 days, also after a restart', () => {
    const token = open().begin();
    now += SESSION_MS - 1;
    assert.notEqual(open().find(token), undefined);
    now += 1;
    assert.equal(open().find(token), undefined);
  });

  it('are kept by their hash, in a file that only its owner reads', () => {
    const token = open().begin();
    assert.ok(!readFileSync(file(), 'utf8').includes(token));
    assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('end with the password that they began with', () => {
    const token = open().begin();
    assert.equal(open('another').find(token), undefined);
  });

  it('end when a person ends them, and tell of that', () => {
    const sessions = open();
    const [one, other] = [sessions.begin(), sessions.begin()];
    const ended: string[] = [];
    sessions.onEnd((hash) => ended.push(hash));
    const hash = sessions.find(one) ?? '';
    sessions.end(hash);
    assert.deepEqual(ended, [hash]);
    assert.equal(sessions.find(one), undefined);
    assert.notEqual(sessions.find(other), undefined);
    assert.equal(open().find(one), undefined);
  });

  it('are of nobody who has no token, a wrong one, or one from a broken file', () => {
    assert.equal(open().find(undefined), undefined);
    assert.equal(open().find('guess'), undefined);
    for (const text of ['{', '{}', '[]', '{"credential":"x","sessions":[["a",9e15]]}']) {
      writeFileSync(file(), text);
      assert.equal(open().find('a'), undefined);
    }
  });

  it('are at most 200: the oldest goes', () => {
    const sessions = open();
    const first = sessions.begin();
    for (let count = 0; count < 199; count++) sessions.begin();
    assert.notEqual(sessions.find(first), undefined);
    const last = sessions.begin();
    assert.equal(sessions.find(first), undefined);
    assert.notEqual(sessions.find(last), undefined);
  });
});
