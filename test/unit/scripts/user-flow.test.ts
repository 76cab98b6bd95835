import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { keepUserFlow } from '../../../scripts/lib/user-flow.js';

const OLD = '[{"id":"a","type":"tab"}]';
const NEW =
  '[{"id":"a","type":"tab"},{"id":"b","type":"http in","z":"a","name":"GET /api/new"},{"id":"c","type":"comment","z":"a"}]';

describe("The user's copy of the bundled flow", () => {
  let dir = '';
  const file = (name: string) => path.join(dir, name);
  const flows = () => readFileSync(file('data/flows.json'), 'utf8');
  const start = (bundled: string) => keepUserFlow(file('data'), bundled);

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'ripe-flow-'));
    mkdirSync(file('data'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is made at the first start', () => {
    assert.equal(start(OLD), null);
    assert.equal(flows(), OLD);
  });

  it('is renewed with RIPE while nobody has changed it', () => {
    start(OLD);
    assert.equal(start(NEW), null);
    assert.equal(flows(), NEW);
    assert.deepEqual(readdirSync(file('data')).sort(), ['flows.json', 'flows.origin']);
  });

  it('stays as it is once it was changed, and what it lacks is told', () => {
    start(OLD);
    writeFileSync(file('data/flows.json'), '[{"id":"a","type":"tab","label":"mine"}]');
    assert.deepEqual(start(NEW)?.lacks, ['GET /api/new (http in)']);
    assert.match(flows(), /mine/);
  });

  it('says nothing of a changed copy while the bundled flow is the one that it was made from', () => {
    start(OLD);
    writeFileSync(file('data/flows.json'), '[]');
    assert.equal(start(OLD), null);
    assert.equal(flows(), '[]');
  });

  it('takes a copy of before, of which nobody knows the origin, for changed', () => {
    writeFileSync(file('data/flows.json'), OLD);
    assert.deepEqual(start(NEW)?.lacks, ['GET /api/new (http in)']);
    assert.equal(flows(), OLD);
  });

  it('leaves a file that is no flow to Node-RED', () => {
    writeFileSync(file('data/flows.json'), '{');
    assert.notEqual(start(NEW), null);
    assert.equal(flows(), '{');
  });
});
