// Builds the WebAssembly starter anew, as an author does, and compares the modules with those that are kept here. Its
// compilers come from the npm registry: a part of `npm run test:long`, not of `npm test`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const starter = path.resolve(import.meta.dirname, '../plugins/wasm-starter');
const copy = mkdtempSync(path.join(tmpdir(), 'ripe-starter-'));
const read = (folder, name) => readFileSync(path.join(folder, 'built', name));

function npm(...args) {
  const { status } = spawnSync('npm', args, { cwd: copy, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed`);
}

try {
  cpSync(starter, copy, { recursive: true });
  rmSync(path.join(copy, 'built'), { recursive: true });
  npm('install');
  npm('run', 'build');
  const other = readdirSync(path.join(starter, 'built')).filter(
    (name) => !read(copy, name).equals(read(starter, name)),
  );
  if (other.length > 0) throw new Error(`${other.join(', ')}: built anew it is another one`);
  console.log('The starter, built anew, is the same.');
} finally {
  rmSync(copy, { recursive: true, force: true });
}
