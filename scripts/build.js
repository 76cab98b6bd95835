// Compiles the package into dist/, and copies beside it what tsc does not emit: dialogs, help, locales, icons.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const tsc = path.join(root, 'node_modules', '.bin', 'tsc');

/** What an earlier build left and this one did not write again. A RIPE that runs from here keeps all the rest. */
function removeOlder(than) {
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = path.join(dist, name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() && found.mtimeMs < than) rmSync(file);
  }
}

/** What draws the page at /api/doc: built in, so that nobody needs it at run time, nor the internet. */
function copyViewer(folder) {
  const viewer = path.join(root, 'node_modules', 'openapi-explorer');
  copyFileSync(
    path.join(viewer, 'dist', 'browser', 'openapi-explorer.min.js'),
    path.join(folder, 'viewer.js'),
  );
  copyFileSync(path.join(viewer, 'LICENSE'), path.join(folder, 'viewer.LICENSE.txt'));
}

// Installed from its own tarball, the package is built already and brings no compiler.
if (existsSync(tsc)) {
  const begun = Date.now() - 1_000;
  const { status } = spawnSync(tsc, ['-p', root], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const isAsset = (file) => !file.endsWith('.ts');
  // The palette lists examples/ in its import dialog: the bundled flow is one of them.
  cpSync(path.join(root, 'flows', 'ripe.json'), path.join(root, 'examples', 'ripe.json'));
  cpSync(path.join(root, 'nodes'), path.join(dist, 'nodes'), { recursive: true, filter: isAsset });
  copyViewer(path.join(dist, 'nodes', 'api', 'doc'));
  removeOlder(begun);
}
