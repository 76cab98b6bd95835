import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureDist, ROOT } from '../support/dist.ts';
import { npmEnvironment } from '../support/palette.ts';

const MB = 1_000_000;

/** What may be in the package, and what each is for. */
const ALLOWED = [
  /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  // What runs; of types only those that a plugin is written against.
  /^dist\/(?:nodes|src|plugins)\/[\w./-]+\.js$/,
  /^dist\/src\/[\w./-]+\.d\.ts$/,
  // What the editor shows.
  /^dist\/nodes\/[\w-]+\/[\w-]+\.html$/,
  /^dist\/nodes\/[\w-]+\/locales\/(?:en-US|de)\/[\w-]+\.(?:html|json)$/,
  /^editor\/ripe-sidebar\.html$/,
  /^editor\/locales\/(?:en-US|de)\/ripe-sidebar\.json$/,
  /^resources\/(?:sidebar\/)?[\w-]+\.js$/,
  // What there is to import.
  /^examples\/[\w-]+\.json$/,
  /^flows\/ripe\.json$/,
  // The page at /api/doc.
  /^dist\/nodes\/api\/doc\/(?:index\.html|viewer\.js|viewer\.LICENSE\.txt)$/,
];

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly hasInstallScript?: boolean;
}

describe('the package, as it is installed', () => {
  let files: { path: string; size: number }[];
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  /** Everything that npm brings with it. */
  const brought = Object.entries(lock.packages).filter(
    ([place, { dev, devOptional, optional, peer }]) =>
      place !== '' && !dev && !devOptional && !optional && !peer,
  );

  before('ask npm what it would pack', async () => {
    ensureDist();
    const env = { ...process.env, ...npmEnvironment() };
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT, env, maxBuffer: 10 * MB });
    files = (JSON.parse(stdout) as { files: { path: string; size: number }[] }[])[0]?.files ?? [];
  });

  it('says to a Node.js that is too old which one it needs', async () => {
    const code = "require('./dist/nodes/garden/garden.js')";
    const older = promisify(execFile)(process.execPath, ['--no-experimental-sqlite', '-e', code], {
      cwd: ROOT,
    });
    await assert.rejects(older, /Error: RIPE needs Node\.js 22\.13 or newer, and this is v\d/);
  });

  it('holds what it needs, and nothing else', () => {
    const strange = files.map((file) => file.path).filter((name) => !ALLOWED.some((rule) => rule.test(name)));
    assert.deepEqual(strange, []);
    for (const rule of ALLOWED)
      assert.ok(
        files.some((file) => rule.test(file.path)),
        String(rule),
      );
    const { nodes, plugins } = (
      JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
        'node-red': Record<'nodes' | 'plugins', Record<string, string>>;
      }
    )['node-red'];
    const packed = new Set(files.map((file) => file.path));
    for (const file of [...Object.values(nodes), ...Object.values(plugins)])
      assert.ok(packed.has(file), file);
  });

  it('builds nothing where it is installed, nor does what it brings', () => {
    assert.ok(brought.length > 20);
    for (const [place, { hasInstallScript }] of brought) {
      assert.ok(hasInstallScript !== true, `${place} has an install script`);
      assert.ok(!existsSync(path.join(ROOT, place, 'binding.gyp')), `${place} is compiled`);
      const manifest = JSON.parse(readFileSync(path.join(ROOT, place, 'package.json'), 'utf8')) as object;
      assert.ok(!('gypfile' in manifest), `${place} is compiled`);
    }
  });

  it('takes as much as the README says', () => {
    const own = files.reduce((sum, { size }) => sum + size, 0);
    const all = own + brought.reduce((sum, [place]) => sum + sizeOf(path.join(ROOT, place)), 0);
    // Wherever its lines break.
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8').replace(/\s+/g, ' ');
    const [, said] = /takes (\d+) MB with all that it needs/.exec(readme) ?? [];
    assert.ok(Math.abs(all / MB - Number(said)) <= 1, `${(all / MB).toFixed(1)} MB, not ${said}`);
  });
});

/** Bytes of a package, without those that it has packages of its own for. */
function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules');
  const sizes = entries.map((entry) => {
    const place = path.join(folder, entry.name);
    return entry.isDirectory() ? sizeOf(place) : statSync(place).size;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
