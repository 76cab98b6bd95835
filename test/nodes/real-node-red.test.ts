import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDist, ROOT } from '../support/dist.ts';
import { installNodeRed4 } from '../support/node-red-4.ts';
import { NodeRedProcess } from '../support/node-red-process.ts';
import { until } from '../support/until.ts';

const PACKAGE = '@ripe-iot/node-red-ripe';
const TYPES = [
  'ripe-garden',
  'ripe-broker',
  'ripe-broker-pool',
  'ripe-sensor-runtime',
  'ripe-job-runner',
  'ripe-plugin-loader',
  'ripe-api',
  'ripe-embedded-broker',
  'ripe-agent-in',
  'ripe-agent-out',
];
const bundledFlow = JSON.parse(readFileSync(path.join(ROOT, 'flows/ripe.json'), 'utf8')) as object[];

describe('RIPE in Node-RED 5', () => {
  before('build', () => ensureDist());
  describeNodeRed(() => undefined);

  it('speaks the language of Node-RED', async () => {
    const flow = [
      { id: 't', type: 'tab', label: 't' },
      { id: 'r', type: 'ripe-sensor-runtime', z: 't', x: 0, y: 0, garden: '', wires: [] },
    ];
    const nodeRed = await NodeRedProcess.start({ flow, lang: 'de' });
    try {
      const error = await until(() => nodeRed.logged('error')[0]);
      assert.match(error, /\[ripe-sensor-runtime:r\] Im Dialog dieser Node ist kein Garten gewählt/);
    } finally {
      await nodeRed.stop();
    }
  });
});

describe('RIPE in Node-RED 4.1', () => {
  let folder: string | undefined;
  before('build and install', function () {
    // Once per machine: about 15 s.
    this.timeout(120_000);
    ensureDist();
    folder = installNodeRed4();
  });
  describeNodeRed(() => folder);
});

function describeNodeRed(folder: () => string | undefined): void {
  let nodeRed: NodeRedProcess;
  const get = async (place: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${nodeRed.url}${place}`, { headers });
    assert.equal(response.status, 200, place);
    return response.text();
  };

  before('start', async () => {
    const nodeRed4 = folder();
    const options = { flow: bundledFlow, ...(nodeRed4 === undefined ? {} : { nodeRed: nodeRed4 }) };
    nodeRed = await NodeRedProcess.start(options);
  });
  after('stop', async () => {
    await nodeRed?.stop();
  });

  it('registers all its types without an error', async () => {
    const sets = JSON.parse(await get('/red/nodes', { accept: 'application/json' })) as NodeSet[];
    const own = sets.filter((set) => set.module === PACKAGE);
    assert.deepEqual(own.flatMap(({ types }) => types).sort(), TYPES.toSorted());
    for (const { id, enabled, err } of own) assert.deepEqual([enabled, err], [true, undefined], id);
  });

  for (const language of ['en-US', 'de']) {
    it(`serves its catalogues and help in ${language}`, async () => {
      const catalogues = JSON.parse(await get(`/red/nodes/messages?lng=${language}`)) as Record<
        string,
        object
      >;
      const help = await get('/red/nodes', { accept: 'text/html', 'accept-language': language });
      for (const type of TYPES) {
        const name = type.replace('ripe-', '');
        const folderOf = path.join(ROOT, 'nodes', name, 'locales', language);
        const catalogue = JSON.parse(readFileSync(path.join(folderOf, `${name}.json`), 'utf8'));
        assert.deepEqual(catalogues[`${PACKAGE}/${type}`], catalogue, type);
        assert.ok(help.includes(readFileSync(path.join(folderOf, `${name}.html`), 'utf8').trim()), type);
      }
    });
  }

  it('starts the bundled flow without a warning, and answers', async () => {
    const health = JSON.parse(await get('/api/health'));
    assert.deepEqual([health.healthy, health.active_agents.length], [true, 4]);
    await until(() => nodeRed.lines.some((line) => line.includes('connected to the broker')));
    assert.deepEqual([...nodeRed.logged('warn'), ...nodeRed.logged('error')], []);
  });

  it('offers the bundled flow as an example', async () => {
    const example = await get(`/red/library/examples/flows/${PACKAGE}/ripe`);
    assert.deepEqual(JSON.parse(example), bundledFlow);
  });

  it('closes cleanly', async () => {
    const before = performance.now();
    const code = await nodeRed.stop();
    assert.equal(code, 0, nodeRed.lines.join('\n'));
    assert.ok(performance.now() - before < 5_000);
    assert.deepEqual([...nodeRed.logged('warn'), ...nodeRed.logged('error')], []);
  });
}

interface NodeSet {
  readonly id: string;
  readonly module: string;
  readonly types: string[];
  readonly enabled: boolean;
  readonly err?: string;
}
