import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LANGUAGES, parametersOf, readCatalogue } from '../support/catalogues.ts';
import { ROOT } from '../support/dist.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const scripts = readdirSync(path.join(ROOT, 'resources/sidebar')).map((name) => `resources/sidebar/${name}`);

/** The keys that a script names: whole ones, and the beginnings of those that it puts together. */
function keysIn(code: string, call: string): { whole: string[]; begun: string[] } {
  const arguments_ = [...code.matchAll(new RegExp(`\\b${call}\\(([^)]*)`, 'g'))].map(
    ([, inside]) => inside ?? '',
  );
  const whole = arguments_.flatMap((inside) =>
    [...inside.matchAll(/'([a-zA-Z.]+)'/g)].map(([, key]) => key ?? ''),
  );
  const begun = arguments_.flatMap((inside) =>
    [...inside.matchAll(/`([a-zA-Z.]+)\$\{/g)].map(([, key]) => key ?? ''),
  );
  return { whole, begun };
}

describe('the RIPE sidebar', () => {
  const [english, german] = LANGUAGES.map((language) =>
    readCatalogue(`editor/locales/${language}/ripe-sidebar.json`),
  ) as [Map<string, string>, Map<string, string>];

  it('is an editor plugin of the package, with files that are there', () => {
    const manifest = JSON.parse(read('package.json')) as {
      files: string[];
      'node-red': { plugins: Record<string, string> };
    };
    assert.deepEqual(manifest['node-red'].plugins, { 'ripe-sidebar': 'editor/ripe-sidebar.html' });
    for (const folder of ['editor', 'resources']) assert.ok(manifest.files.includes(folder));
    for (const [, file = ''] of read('editor/ripe-sidebar.html').matchAll(
      /src="resources\/@ripe-iot\/node-red-ripe\/([^"]+)"/g,
    ))
      assert.ok(existsSync(path.join(ROOT, 'resources', file)), file);
  });

  it('has the same texts in both languages, with the same parameters', () => {
    assert.deepEqual([...german.keys()].sort(), [...english.keys()].sort());
    for (const [key, text] of english) {
      assert.ok(text.trim() !== '' && german.get(key)?.trim() !== '', key);
      assert.deepEqual(parametersOf(german.get(key) ?? ''), parametersOf(text), key);
    }
  });

  it('has every text that its scripts name, and no other', () => {
    const code = scripts.map(read).join('\n');
    const { whole, begun } = keysIn(code, 'text');
    assert.ok(whole.length > 20 && begun.length > 2);
    for (const key of whole) assert.ok(english.has(`ripe-sidebar.${key}`), key);
    for (const start of begun)
      assert.ok(
        [...english.keys()].some((key) => key.startsWith(`ripe-sidebar.${start}`)),
        start,
      );
    // Some are named elsewhere and handed on.
    const named = new Set([...code.matchAll(/'([a-zA-Z.]+)'/g)].map(([, key]) => key));
    for (const key of english.keys()) {
      const short = key.slice('ripe-sidebar.'.length);
      assert.ok(named.has(short) || begun.some((start) => short.startsWith(start)), `nobody names ${key}`);
    }
  });

  it('draws in the colours of the theme only', () => {
    assert.ok(
      !/#[0-9a-f]{3,8}\b|rgb\(|: (?:white|black|red|green)\b/i.test(read('editor/ripe-sidebar.html')),
    );
    for (const file of scripts)
      assert.ok(!/innerHTML|\.html\(/.test(read(file).replace("$('<i>').text(reason).html()", '')), file);
  });
});

describe('what dialogs share', () => {
  it('finds its texts in the catalogue of the garden and of the broker', () => {
    for (const [file, node, prefix] of [
      ['resources/choices.js', 'garden', 'choices'],
      ['resources/connection-test.js', 'broker', 'test'],
    ] as const) {
      const catalogue = readCatalogue(`nodes/${node}/locales/en-US/${node}.json`);
      const { whole } = keysIn(read(file), 'textOf');
      assert.ok(whole.length > 0, file);
      for (const key of whole) assert.ok(catalogue.has(`ripe-${node}.${prefix}.${key}`), key);
    }
  });
});
