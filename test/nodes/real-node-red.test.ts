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
  'ripe-sensor',
  'ripe-force',
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

describe('A job-runner alone in Node-RED, as its example has it', () => {
  let nodeRed: NodeRedProcess;
  before('start', async () => {
    ensureDist();
    nodeRed = await NodeRedProcess.start({ flow: timerFlow(6) });
  });
  after('stop', async () => {
    await nodeRed?.stop();
  });

  const values = () => nodeRed.lines.flatMap((line) => /\[debug:valve\] (.+)$/.exec(line)?.slice(1) ?? []);
  const press = async (id: string) => {
    const { status } = await fetch(`${nodeRed.url}/red/inject/${id}`, { method: 'POST' });
    assert.equal(status, 200);
  };

  it('runs after any message, and ends by one', async () => {
    await press('timer.on');
    await until(() => values().length === 1);
    await press('timer.off');
    await until(() => values().length === 2);
    assert.deepEqual(values(), ['1', '0']);
  });

  it('ends a run at its time though the process was killed meanwhile', async () => {
    const startedAt = Date.now();
    await press('timer.on');
    await until(() => values().length === 3);
    await nodeRed.crash();
    await until(() => values().at(-1) === '0', 15_000);
    const took = Date.now() - startedAt;
    assert.ok(took >= 5_900, `off after ${took} ms`);
    assert.deepEqual(nodeRed.logged('error'), []);
  });
});

/** The example, with what it shows in the log as well, and runs of so many seconds. */
function timerFlow(seconds: number): object[] {
  const file = path.join(ROOT, 'examples/job-runner.json');
  const flow = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[];
  return flow.map((node) => ({
    ...node,
    ...(node['type'] === 'debug' ? { console: true } : {}),
    ...(node['type'] === 'ripe-job-runner' ? { duration: String(seconds) } : {}),
  }));
}

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
    // Node-RED gives up a node that does not close after 15 s. redeploy.test.ts looks closer: there no disk of others counts.
    assert.ok(performance.now() - before < 10_000);
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
