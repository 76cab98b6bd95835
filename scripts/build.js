// Compiles the package into dist/, and copies beside it what tsc does not emit: dialogs, help, locales, icons.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(root, 'node_modules', '.bin', 'tsc');

// Installed from its own tarball, the package is built already and brings no compiler.
if (existsSync(tsc)) {
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  const { status } = spawnSync(tsc, ['-p', root], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const isAsset = (file) => !file.endsWith('.ts');
  // The palette lists examples/ in its import dialog: the bundled flow is one of them.
  cpSync(path.join(root, 'flows', 'ripe.json'), path.join(root, 'examples', 'ripe.json'));
  cpSync(path.join(root, 'nodes'), path.join(root, 'dist', 'nodes'), { recursive: true, filter: isAsset });
}
