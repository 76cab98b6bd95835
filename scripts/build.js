// Compiles the package into dist/, and copies beside it what tsc does not emit: dialogs, help, locales, icons.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { bundledFlow } from './lib/dashboard.js';
import { lackOfVite } from './lib/lack-of-vite.js';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const tsc = path.join(root, 'node_modules', '.bin', 'tsc');

/** What an earlier build left and this one did not write again. A RIPE that runs from here keeps all the rest. */
function removeOlder(folder, than) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = path.join(folder, name);
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

function compile(project) {
  // Types are the linter's business: who installs or starts RIPE need not wait for them.
  const { status } = spawnSync(tsc, ['-p', project, '--noCheck'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const endWith = (textOf) => (error) => {
  console.error(textOf(error, process.env.npm_config_user_agent));
  process.exit(1);
};

/** The dashboard's package: its node and login, its widget as one file, and its example, the flow of `npm start`. */
async function buildDashboard(begun) {
  const folder = path.join(root, 'dashboard');
  compile(folder);
  cpSync(path.join(folder, 'nodes'), path.join(folder, 'dist', 'nodes'), {
    recursive: true,
    filter: isAsset,
  });
  removeOlder(path.join(folder, 'dist'), begun);
  const { build } = await import('vite').catch(endWith(lackOfVite));
  await build({ root: folder, configFile: path.join(folder, 'vite.config.js'), logLevel: 'warn' });
  mkdirSync(path.join(folder, 'examples'), { recursive: true });
  writeFileSync(path.join(folder, 'examples', 'garden-page.json'), bundledFlow(true));
}

const isAsset = (file) => !file.endsWith('.ts');

// Installed from its own tarball, the package is built already and brings no compiler.
if (existsSync(tsc)) {
  const begun = Date.now() - 1_000;
  compile(root);
  // The palette lists examples/ in its import dialog: the bundled flow is one of them.
  cpSync(path.join(root, 'flows', 'ripe.json'), path.join(root, 'examples', 'ripe.json'));
  cpSync(path.join(root, 'nodes'), path.join(dist, 'nodes'), { recursive: true, filter: isAsset });
  copyViewer(path.join(dist, 'nodes', 'api', 'doc'));
  removeOlder(dist, begun);
  await buildDashboard(begun);
}
