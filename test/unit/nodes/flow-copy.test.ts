import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NodeAPI } from 'node-red';
import { FlowCopy } from '../../../nodes/garden/flow-copy.ts';
import { flowHash } from '../../../src/adapters/flow-file.ts';
import type { FlowNode, FlowNotice } from '../../../src/domain/flow-copy.ts';
import { readFlow } from '../../support/recipes.ts';

const bundled: readonly FlowNode[] = readFlow('flows/ripe.json');
const copy = bundled.filter(({ z, type }) => z !== undefined || type === 'tab');
const EVENTS = 'ripe.debug.events';
/** As an older RIPE had it. */
const older = copy.filter(({ id }) => id !== EVENTS);

describe('a copy of the bundled flow in a Node-RED of its own', () => {
  let folder = '';
  let warned: string[] = [];
  const file = (name: string) => path.join(folder, name);
  const origin = () => readFileSync(file('ripe-flow.origin'), 'utf8').trim();
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ripe-flow-copy-'));
    warned = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** `flow`: the running one; null: before Node-RED has read it. */
  function flowCopy(flow: readonly FlowNode[] | null, settings: object = {}): FlowCopy {
    const eachNode = (visit: (node: FlowNode) => void) => {
      if (flow === null) throw new TypeError('Node-RED has none yet');
      flow.forEach(visit);
    };
    return new FlowCopy({
      nodes: { eachNode },
      settings: { userDir: folder, flowFile: 'flows.json', ...settings },
      log: { info: () => undefined, warn: (line: string) => void warned.push(line) },
    } as unknown as NodeAPI);
  }
  const saved = () => JSON.parse(readFileSync(file('flows.json'), 'utf8')) as FlowNode[];
  const prepare = (flow: readonly FlowNode[]) => {
    writeFileSync(file('flows.json'), JSON.stringify(flow));
    writeFileSync(file('ripe-flow.origin'), flowHash(older));
  };

  it('is remembered from when it is first seen, and then as long as it is there nothing is said', () => {
    assert.equal(flowCopy(bundled).notice(), null);
    assert.equal(origin(), flowHash(copy));
    assert.equal(flowCopy(older).notice(), null, 'of this very version, and changed since');
  });

  it('leaves nothing behind where there is none', () => {
    assert.equal(flowCopy([{ id: 'mine', type: 'tab' }]).notice(), null);
    assert.ok(!existsSync(file('ripe-flow.origin')));
  });

  it('is renewed at the next start', () => {
    prepare(older);
    flowCopy(null).renew();
    assert.deepEqual(new Set(saved().map(({ id }) => id)), new Set(bundled.map(({ id }) => id)));
    assert.equal(origin(), flowHash(copy));
  });

  for (const [what, flow, settings] of [
    ['it runs already', older, {}],
    ['it is in a project', null, { editorTheme: { projects: { enabled: true } } }],
    ['its storage is not of files', null, { storageModule: {} }],
    ['npm start keeps it', null, { ripe: { flowNotice: null } }],
  ] as const)
    it(`is not renewed where ${what}`, () => {
      prepare(older);
      flowCopy(flow, settings).renew();
      assert.deepEqual(saved(), older);
    });

  it('is left alone once it is changed, and what it lacks is told once, until it is there', () => {
    const mine = [...older, { id: 'mine', type: 'debug', z: 'ripe.tab' }];
    prepare(mine);
    flowCopy(null).renew();
    assert.deepEqual(saved(), mine);
    const running = flowCopy(mine);
    running.announce((line) => warned.push(line));
    running.announce((line) => warned.push(line));
    assert.deepEqual(
      warned.filter((line) => line.startsWith('Yours lacks')),
      ['Yours lacks: events (debug).'],
    );
    assert.deepEqual(running.notice()?.lacks, ['events (debug)']);
    assert.equal(flowCopy(bundled).notice(), null);
    assert.equal(flowCopy(mine).notice(), null, 'changed anew, of the present one');
  });

  it('of npm start is told by what that has found', () => {
    const flowNotice: FlowNotice = { version: 'v', lacks: ['x'], differs: [] };
    assert.deepEqual(flowCopy(older, { ripe: { flowNotice } }).notice(), flowNotice);
  });
});
