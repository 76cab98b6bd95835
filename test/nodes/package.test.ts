import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  'node-red': { nodes: Record<string, string> };
};
const { nodes } = manifest['node-red'];

describe('package.json', () => {
  const folders = readdirSync(path.join(ROOT, 'nodes')).filter((name) => name !== 'shared');

  it('lists a node for every folder of nodes, and no other', () => {
    const expected = folders.map((name) => [`ripe-${name}`, `dist/nodes/${name}/${name}.js`]);
    assert.deepEqual(Object.fromEntries(expected), { ...nodes });
  });

  it('lists nodes that register a type of that name', () => {
    for (const [type, file] of Object.entries(nodes)) {
      const source = file.replace(/^dist\/(.+)\.js$/, '$1.ts');
      assert.ok(existsSync(path.join(ROOT, source)), source);
      assert.match(readFileSync(path.join(ROOT, source), 'utf8'), new RegExp(`type: '${type}'`));
    }
  });

  it('lists nodes whose dialogs have just the properties that their code reads', () => {
    for (const [type, file] of Object.entries(nodes)) {
      const folder = path.join(ROOT, path.dirname(file.replace(/^dist\//, '')));
      const page = readFileSync(path.join(folder, `${path.basename(file, '.js')}.html`), 'utf8');
      assert.deepEqual(defaultsOf(page).sort(), [...readBy(folder)].sort(), type);
    }
  });
});

/** The properties that a dialog defines. */
function defaultsOf(page: string): string[] {
  const [, indent = '', block = ''] = /^( +)defaults: \{\n([\s\S]*?)\n\1\},/m.exec(page) ?? [];
  return [...block.matchAll(new RegExp(`^${indent}  (\\w+): \\{`, 'gm'))].map(([, name]) => name ?? '');
}

/** The properties that the sources of a node read, also by shared code; every node has a name, for the editor. */
function readBy(folder: string): Set<string> {
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const code = sources.map((name) => readFileSync(path.join(folder, name), 'utf8')).join('\n');
  const shared = code.includes('shared/sensor-field.ts')
    ? readFileSync(path.join(ROOT, 'nodes/shared/sensor-field.ts'), 'utf8')
    : '';
  const reads = [...`${code}${shared}`.matchAll(/\bdef\['(\w+)'\]|Field\(\s*def,\s*'(\w+)'/g)];
  return new Set(['name', ...reads.map(([, direct, field]) => direct ?? field ?? '')]);
}
