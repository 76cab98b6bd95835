// `npm test`: build, lint, then every test, in one process per kind (Node-RED's modules are singletons).
// Ends with `N passed, N failed, N skipped`; a skipped test counts as a failure, since nothing is silently skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installMissing } from './lib/system-packages.js';

const root = path.resolve(import.meta.dirname, '..');
const bin = path.join(root, 'node_modules', '.bin');

const SUITES = [
  {
    name: 'unit and contract',
    spec: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
    timeout: 10_000,
  },
  { name: 'nodes', spec: ['test/nodes/**/*.test.ts'], timeout: 15_000 },
  { name: 'system', spec: ['test/system/**/*.test.ts'], timeout: 60_000 },
];

function run(command, args) {
  const { status, error } = spawnSync(path.join(bin, command), args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0;
}

/** A check that has no counts of its own: one passed, or one failed. */
function check(name, command, args) {
  console.log(`\n=== ${name}`);
  const passed = run(command, args);
  return { passes: passed ? 1 : 0, failures: passed ? 0 : 1, pending: 0 };
}

function suite({ name, spec, timeout }, statsFile) {
  console.log(`\n=== ${name}`);
  const options = ['--no-config', '--extension', 'ts', '--timeout', String(timeout), '--forbid-only'];
  const reporter = [
    '--reporter',
    path.join(root, 'scripts/lib/counting-reporter.cjs'),
    '--reporter-option',
    `file=${statsFile}`,
  ];
  rmSync(statsFile, { force: true });
  const succeeded = run('mocha', [...options, ...reporter, ...spec]);
  try {
    const stats = JSON.parse(readFileSync(statsFile, 'utf8'));
    // Mocha also fails on what no test owns, e.g. a rejection nobody handles.
    return !succeeded && stats.failures === 0 ? { ...stats, failures: 1 } : stats;
  } catch {
    console.error(`${name}: the test run ended before it could count`);
    return { passes: 0, failures: 1, pending: 0 };
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
const results = [
  check('build', 'node', ['scripts/build.js']),
  check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.check.json']),
  check('lint and format', 'biome', ['check', '--error-on-warnings', '.']),
  ...SUITES.map((each) => suite(each, path.join(temp, 'stats.json'))),
];
rmSync(temp, { recursive: true, force: true });

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const [passed, failed, skipped] = [sum('passes'), sum('failures'), sum('pending')];
if (skipped > 0) console.error('\nA skipped test proves nothing: run it, or delete it.');
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || skipped > 0 ? 1 : 0);
