// `npm test`: build, lint, then every test, in one process per kind (Node-RED's modules are singletons). The system tests
// mostly wait for processes of their own, so they run beside the others, and are printed after them.
// Ends with `N passed, N failed, N skipped`; a skipped test counts as a failure, since nothing is silently skipped.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installMissing } from './lib/system-packages.js';

const root = path.resolve(import.meta.dirname, '..');
const bin = path.join(root, 'node_modules', '.bin');

/** So many of the system tests run after the others that both lanes take about as long. */
const PLUGINS = ['palette', 'plugin-swap', 'plugins', 'wasm-plugins', 'wires'].map(
  (name) => `test/system/${name}.test.ts`,
);

const LANES = [
  [
    {
      name: 'unit and contract',
      spec: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
      timeout: 20_000,
    },
    { name: 'nodes', spec: ['test/nodes/**/*.test.ts'], timeout: 30_000 },
    { name: 'system, plugins', spec: PLUGINS, timeout: 60_000 },
  ],
  [{ name: 'system', spec: ['test/system/**/*.test.ts'], ignore: PLUGINS, timeout: 60_000 }],
];

/** A check that has no counts of its own: one passed, or one failed. */
function check(name, command, args) {
  console.log(`\n=== ${name}`);
  const { status, error } = spawnSync(path.join(bin, command), args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0 ? { passes: 1, failures: 0, pending: 0 } : { passes: 0, failures: 1, pending: 0 };
}

/** The suites of a lane one after the other; `output` is where they print. */
async function lane(suites, output, temp) {
  const results = [];
  for (const suite of suites) {
    // Mocha takes a comma in an option for the end of it.
    const stats = path.join(temp, `${suite.name.replaceAll(/\W+/g, '-')}.json`);
    results.push(await run(suite, output, stats));
  }
  return results;
}

async function run({ name, spec, ignore = [], timeout }, output, statsFile) {
  if (output === 'inherit') console.log(`\n=== ${name}`);
  const options = ['--no-config', '--extension', 'ts', '--timeout', String(timeout), '--forbid-only'];
  for (const pattern of ignore) options.push('--ignore', pattern);
  const reporter = [
    '--reporter',
    path.join(root, 'scripts/lib/counting-reporter.cjs'),
    '--reporter-option',
    `file=${statsFile}`,
  ];
  const stdio = ['ignore', output, output];
  const child = spawn(path.join(bin, 'mocha'), [...options, ...reporter, ...spec], { cwd: root, stdio });
  const [status] = await once(child, 'exit').catch((error) => [error.message]);
  try {
    const stats = JSON.parse(readFileSync(statsFile, 'utf8'));
    // Mocha also fails on what no test owns, e.g. a rejection nobody handles.
    return status !== 0 && stats.failures === 0 ? { ...stats, failures: 1 } : stats;
  } catch {
    console.error(`${name}: the test run ended before it could count (${status})`);
    return { passes: 0, failures: 1, pending: 0 };
  }
}

/** Runs the first lane in sight, and prints what the second has printed when both are over. */
async function runLanes([first, second], temp) {
  const file = path.join(temp, 'second-lane');
  const output = openSync(file, 'w');
  const results = await Promise.all([lane(first, 'inherit', temp), lane(second, output, temp)]);
  closeSync(output);
  console.log(`\n=== ${second.map(({ name }) => name).join(', ')}\n${readFileSync(file, 'utf8')}`);
  return results.flat();
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
const checks = [
  check('build', 'node', ['scripts/build.js']),
  check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.check.json']),
  check('types of the dashboard', 'tsc', ['--noEmit', '-p', 'dashboard/ui']),
  check('lint and format', 'biome', ['check', '--error-on-warnings', '.']),
];
const results = [...checks, ...(await runLanes(LANES, temp))];
rmSync(temp, { recursive: true, force: true });

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const [passed, failed, skipped] = [sum('passes'), sum('failures'), sum('pending')];
if (skipped > 0) console.error('\nA skipped test proves nothing: run it, or delete it.');
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || skipped > 0 ? 1 : 0);
