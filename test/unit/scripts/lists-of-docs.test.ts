import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/dist.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const sourcesOf = (folder: string) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(path.join(folder, name)))
    .join('\n');

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([whole, part]) => part ?? whole))].sort();
}

describe('The lists of the docs', () => {
  it('name every environment variable that settings.js reads, and no other', () => {
    const code = found(read('settings.js'), /env\.(RIPE_\w+)|'(?:RIPE_\w+|PORT)'/g).map((name) =>
      name.replaceAll("'", ''),
    );
    const rows = found(read('README.md'), /^\| (`(?:RIPE_\w+|PORT)`[^|]*)\|/gm);
    const told = rows.flatMap((row) => found(row, /`(\w+)`/g));
    assert.deepEqual(told.sort(), [...new Set(code)].sort());
  });

  it('name every npm script, and no other', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const told = found(
      `${read('README.md')}${read('docs/development.md')}`,
      /`npm (?:run )?([\w:-]+)[^`]*`/g,
    );
    const commands = ['install', 'pack'];
    assert.deepEqual(
      Object.keys(scripts).filter((name) => name !== 'prepare' && !told.includes(name) && name !== 'start'),
      [],
    );
    assert.deepEqual(
      told.filter((name) => !(name in scripts) && !commands.includes(name)),
      [],
    );
  });

  it('name every metric of RIPE, and no other', () => {
    const code = found(sourcesOf('src/adapters/metrics'), /\bripe_[a-z_]+/g);
    // The parts of a histogram have names of their own.
    const told = found(read('docs/operations.md'), /\bripe_[a-z_]+/g).filter(
      (name) => !/_(bucket|sum)$/.test(name),
    );
    assert.deepEqual(told, code);
  });

  it('lead to files and headings that are there', () => {
    const pages = ['README.md', 'CHANGELOG.md', 'dashboard/README.md', ...docs()];
    assert.deepEqual(pages.flatMap(deadLinks), []);
  });
});

const docs = () =>
  readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);

function deadLinks(page: string): string[] {
  const text = read(page).replace(/^```[\s\S]*?^```/gm, '');
  return found(text, /\]\(((?!https?:)[^)\s]+)\)/g)
    .filter((link) => !leadsSomewhere(page, link))
    .map((link) => `${page}: ${link}`);
}

function leadsSomewhere(page: string, link: string): boolean {
  const [place = '', heading] = link.split('#');
  const file = place === '' ? page : path.join(path.dirname(page), place);
  try {
    const text = read(file);
    return heading === undefined || anchorsOf(text).has(heading);
  } catch {
    return false;
  }
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = found(text.replace(/^```[\s\S]*?^```/gm, ''), /^#+ (.+)$/gm);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
