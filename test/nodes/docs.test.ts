import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { restMarkdown } from '../../scripts/lib/rest-markdown.ts';
import type { AgentType } from '../../src/agent.ts';
import { AgentBench, checkPlugin } from '../../src/agent-testing.ts';
import { ERRORS } from '../../src/domain/errors.ts';
import { openApiDocument } from '../../src/domain/rest/openapi.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('docs/errors.md', () => {
  const rows = read('docs/errors.md')
    .split('\n')
    .filter((line) => line.startsWith('| `RIPE_'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('has the codes, statuses and texts of the error table, in both directions', () => {
    const told = rows.map(([, code, status, text]) => [code?.replaceAll('`', ''), Number(status), text]);
    const expected = Object.entries(ERRORS).map(([code, { status, text }]) => [code, status, text]);
    assert.deepEqual(told.sort(), expected.sort());
  });

  it('says for each what to do', () => {
    for (const row of rows) {
      assert.equal(row.length, 6, `${row[1]}: a row of four cells`);
      assert.match(row[4] ?? '', /^[A-Z`].+[.?]$/, row[1]);
    }
  });
});

describe('docs/rest.md', () => {
  it('says what the route table says: `npm run docs` writes it', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    assert.equal(read('docs/rest.md'), restMarkdown(openApiDocument(ROUTES, version)));
  });
});

describe('docs/protocol.md', () => {
  const rows = read('docs/protocol.md').split('\n');

  it('has a row for every route', () => {
    for (const { methods, path: route } of ROUTES) {
      const method = methods.length > 1 ? 'any' : methods[0];
      const isThere = rows.some(
        (row) => row.startsWith(`| ${method} \`${route}\``) || row.startsWith(`| ${method} \`${route}?`),
      );
      assert.ok(isThere, `${method} ${route}`);
    }
  });
});

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md');
  const places = placesOf(/## Where the code is\n+```\n([\s\S]*?)\n```/.exec(text)?.[1] ?? '');
  const foldersOf = (folder: string): string[] =>
    readdirSync(path.join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`);

  it('names places that there are', () => {
    assert.ok(places.length > 30);
    for (const place of places) assert.ok(existsSync(path.join(ROOT, place)), place);
  });

  it('names every folder of the domain and of the adapters', () => {
    for (const folder of ['src/domain', 'src/adapters', 'src/domain/runtime', 'src/adapters/mqtt'])
      assert.deepEqual(
        foldersOf(folder).filter((each) => !places.includes(each)),
        [],
      );
  });

  it('names files, classes and functions that there are', () => {
    const code = ['nodes', 'src', 'plugins', 'dashboard/nodes', 'dashboard/ui', 'scripts']
      .flatMap((folder) => readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && /\.(ts|js|vue)$/.test(entry.name));
    const files = new Set(code.map(({ name }) => name));
    const words = new Set(
      code.flatMap(
        ({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'utf8').match(/\w+/g) ?? [],
      ),
    );
    for (const [, name = ''] of text.matchAll(/`([\w-]+\.ts|[A-Z][a-z]\w+)`/g))
      assert.ok(name.endsWith('.ts') ? files.has(name) : words.has(name), name);
  });
});

/** The paths of a tree whose folders are indented by two blanks each. */
function placesOf(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, blanks = '', name] = /^( *)([\w./-]+) /.exec(line) ?? [];
    const depth = blanks.length / 2;
    if (name === undefined || depth > parents.length) return [];
    parents.splice(depth);
    parents.push(name.replace(/\/$/, ''));
    return [parents.join('/')];
  });
}

describe('docs/plugins.md', () => {
  const js = [...read('docs/plugins.md').matchAll(/^```js\n([^`]*)^```/gm)].map(([, text]) => text ?? '');
  let frostGuard: AgentType<object, object>;

  before('load the first example', async () => {
    frostGuard = (await import(`data:text/javascript,${encodeURIComponent(js[0] ?? '')}`)).default;
  });

  it('begins with an agent type that RIPE takes as it stands', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ripe-docs-'));
    try {
      writeFileSync(path.join(folder, 'frost-guard.mjs'), js[0] ?? '');
      await checkPlugin(path.join(folder, 'frost-guard.mjs'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says truly what that does on the test kit', () => {
    const agent = new AgentBench(frostGuard, { settings: { limit: 5 } }).start();
    agent.read({ temperature: 4 });
    assert.deepEqual([agent.value, agent.because('en')], [1, '4 °C is below 5 °C: heats.']);
    agent.pass(3_600_000);
    assert.equal(agent.value, 0);
  });
});

describe('docs/messages.md', () => {
  const docs = read('docs/messages.md');
  const source = read('nodes/shared/messages.ts');
  const names = /JobEventName = ([^;]+);/.exec(read('src/domain/job/job.ts'))?.[1] ?? '';
  const jobEvents = [...names.matchAll(/'(\w+)'/g)].map(([, name]) => name ?? '');
  const topics = [...source.matchAll(/'([a-z]+\/[a-z]+|delivery|subscriptions)'/g)].map(
    ([, topic]) => topic ?? '',
  );

  it('names the topic of every message', () => {
    assert.ok(topics.length >= 12 && jobEvents.length === 6, `${topics} ${jobEvents}`);
    for (const topic of topics) assert.ok(docs.includes(`\`${topic}\``), topic);
    for (const event of jobEvents)
      assert.ok(docs.includes(`\`${event}\``) || docs.includes(`\`job/${event}\``), event);
  });

  it('names every member of every message', () => {
    const members = [...source.matchAll(/^ {2}(\w+)\??:|[{;] (\w+)\??:/gm)].map(
      ([, outer, inner]) => outer ?? inner,
    );
    assert.ok(members.length > 20);
    for (const member of members) {
      assert.match(
        docs,
        new RegExp(`\\\`(?:payload)?\\.?(?:\\w+\`, \`\\.)?${member}\\\`|"${member}":`),
        member,
      );
    }
  });

  it('has examples that are JSON, of topics that there are', () => {
    const examples = [...docs.matchAll(/```json\n([\s\S]+?)```/g)].map(([, text]) => JSON.parse(text ?? ''));
    assert.ok(examples.length > 15);
    const known = new Set([...topics, ...jobEvents.map((event) => `job/${event}`)]);
    const ofOne = /^(?:sensor\/(?:(?:data|log)\/7\/\w+|(?:cmd|envelope)\/7|7\/\w+)|agent\/reading)$/;
    for (const { topic } of examples as { topic?: string }[]) {
      if (topic === undefined || topic === 'garden/lamp' || topic.startsWith('house/')) continue;
      const isKnown =
        known.has(topic) || ofOne.test(topic) || topic === 'plugin/pin' || topic.startsWith('force/');
      assert.ok(isKnown, topic);
    }
  });
});
