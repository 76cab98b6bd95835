import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { flowHash, readOrigin, renewCopy, writeOrigin } from '../../../src/adapters/flow-file.ts';

const tab = { id: 'r.tab', type: 'tab' };
const old = [tab, { id: 'r.a', type: 'debug', z: 'r.tab' }];
const bundled = [...old, { id: 'r.b', type: 'debug', z: 'r.tab' }];
const origin = flowHash(old);

describe('the flow file of a Node-RED with a copy of the bundled flow', () => {
  let folder = '';
  const file = (name = 'flows.json') => path.join(folder, name);
  const save = (flow: unknown) => writeFileSync(file(), JSON.stringify(flow));
  const saved = () => JSON.parse(readFileSync(file(), 'utf8')) as unknown;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ripe-flow-file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gets the bundled one in its place; the former one is kept', () => {
    save(old);
    chmodSync(file(), 0o644);
    assert.equal(renewCopy(file(), bundled, origin), true);
    assert.deepEqual(saved(), bundled);
    assert.deepEqual(JSON.parse(readFileSync(file('flows.json.before-ripe'), 'utf8')), old);
    assert.equal(statSync(file()).mode & 0o777, 0o644);
    assert.deepEqual(readdirSync(folder).sort(), ['flows.json', 'flows.json.before-ripe']);
  });

  it('may be a link to elsewhere', () => {
    writeFileSync(file('real.json'), JSON.stringify(old));
    symlinkSync(file('real.json'), file());
    assert.equal(renewCopy(file(), bundled, origin), true);
    assert.deepEqual(JSON.parse(readFileSync(file('real.json'), 'utf8')), bundled);
  });

  for (const [what, content] of [
    ['a changed copy', JSON.stringify([tab, { id: 'r.a', type: 'debug', z: 'r.tab', name: 'mine' }])],
    ['the bundled one itself', JSON.stringify(bundled)],
    ['no copy', '[{"id":"mine","type":"tab"}]'],
    ['no flow', '{'],
  ] as const)
    it(`stays as it is with ${what} in it`, () => {
      writeFileSync(file(), content);
      assert.equal(renewCopy(file(), bundled, origin), false);
      assert.equal(readFileSync(file(), 'utf8'), content);
      assert.deepEqual(readdirSync(folder), ['flows.json']);
    });

  it('need not be there, nor its origin', () => {
    assert.equal(renewCopy(file(), bundled, origin), false);
    assert.equal(readOrigin(file('origin')), null);
    writeOrigin(file('origin'), origin);
    assert.equal(readOrigin(file('origin')), origin);
  });
});
