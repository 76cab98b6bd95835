// `npm run validate`: the checks of Node-RED's own package tool, node-red-dev, on this package as it stands. Its exit code is
// always 0, so its scorecard is read here. Fetched from the registry when it is run: nobody else needs it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const TOOL = 'node-red-dev@0.1.6';

/** Checks that are declined on purpose, and why. */
const DECLINED = {
  P07: 'it wants engines to admit Node.js 22.9; RIPE needs 22.13, and says so',
  D01: 'it wants six dependencies at most; each of ours is a well-kept library in place of code of our own',
};

const temp = mkdtempSync(path.join(tmpdir(), 'ripe-validate-'));
const scorecard = path.join(temp, 'scorecard.json');
const preload = path.join(root, 'scripts', 'lib', 'local-catalogue.cjs');
const env = { ...process.env, NODE_OPTIONS: `--require ${preload}` };
const args = ['--yes', TOOL, 'validate', '-o', scorecard];
const { status } = spawnSync('npx', args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
const cards = status === 0 ? Object.entries(JSON.parse(readFileSync(scorecard, 'utf8'))) : [];
rmSync(temp, { recursive: true, force: true });

const checks = cards.filter(([, card]) => typeof card?.test === 'boolean');
const failed = checks.filter(([name, { test }]) => !test && DECLINED[name] === undefined);
for (const [name, { test }] of checks)
  if (!test && DECLINED[name]) console.log(`${name} declined: ${DECLINED[name]}`);
for (const [name] of failed) console.error(`${name} failed`);
if (checks.length === 0) console.error(`${TOOL} gave no scorecard`);
console.log(`${checks.length - failed.length} of ${checks.length} checks passed or declined`);
process.exit(failed.length > 0 || checks.length === 0 ? 1 : 0);
