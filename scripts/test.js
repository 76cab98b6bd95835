// `npm test`: build, lint, then every test. Some suites run at once, the next one when one is over; each is printed as a whole.
// Ends with `N passed, N failed, N skipped`; a skipped test counts as a failure, since nothing is silently skipped.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installMissing } from './lib/system-packages.js';
import { runSuite, testSuites } from './lib/test-suites.js';

const root = path.resolve(import.meta.dirname, '..');

/** Twice as many as a small machine has cores: suites wait for other processes and for time to pass as often as not. */
const AT_ONCE = 4;

/** A check that has no counts of its own: one passed, or one failed. */
function check(name, command, args) {
  console.log(`\n=== ${name}`);
  const program = path.join(root, 'node_modules', '.bin', command);
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0 ? { passes: 1, failures: 0, pending: 0 } : { passes: 0, failures: 1, pending: 0 };
}

/** From the registry, which may be slow: that is no test's time. Where it fails the tests that need it say so. */
function fetchNodeRed4() {
  const child = spawn(process.execPath, ['test/support/node-red-4.ts'], { cwd: root, stdio: 'ignore' });
  return new Promise((resolve) => child.once('close', resolve));
}

/** Takes one suite after the other until none is left. */
async function runLane(suites, temp, lane, results) {
  for (let suite = suites.shift(); suite !== undefined; suite = suites.shift()) {
    const startedAt = performance.now();
    const { output, ...counts } = await runSuite(suite, temp, lane);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`\n=== ${suite.name} (${seconds} s)\n${output}`);
    results.push(counts);
  }
}

const missing = installMissing();
if (missing.length > 0) {
  console.error(
    `The system tests need ${missing.join(', ')}: install them (Debian: apt-get install ${missing.join(' ')}).`,
  );
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exit(1);
}

const temp = mkdtempSync(path.join(tmpdir(), 'ripe-test-'));
const fetched = fetchNodeRed4();
const results = [
  check('build', 'node', ['scripts/build.js']),
  check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.check.json']),
  check('types of the dashboard', 'node', ['scripts/check-vue.ts']),
  check('lint and format', 'biome', ['check', '--error-on-warnings', '.']),
];
await fetched;
const suites = testSuites();
await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => runLane(suites, temp, lane, results)));
rmSync(temp, { recursive: true, force: true });

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const [passed, failed, skipped] = [sum('passes'), sum('failures'), sum('pending')];
if (skipped > 0) console.error('\nA skipped test proves nothing: run it, or delete it.');
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || skipped > 0 ? 1 : 0);
