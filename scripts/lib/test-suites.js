// The test suites of `npm test`: what each one runs, and how one is run and counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Only ends a test that hangs: properties that are tried for seconds take four times as long on a busy machine. */
const TEST_MS = 60_000;

/** Each test file belongs to the first that it fits; what takes longest starts first, so that none is left alone at the end. */
const GROUPS = [
  { name: 'unit: plugins', fits: /^unit\/adapters\/(agents|plugin-files|what-if)\// },
  { name: 'nodes: plugins', fits: /^nodes\/(plugin|real-node-red|package|frost-guard)/ },
  { name: 'unit: brokers', fits: /^unit\/adapters\/(mqtt|embedded-broker)\// },
  { name: 'nodes', fits: /^nodes\// },
  // Wherever an ordinary RIPE will do, these share one: test/support/shared-ripe.ts.
  {
    name: 'system: one RIPE',
    fits: /^system\/(agents|app-connect|mqtt-readings|walk|rest-(agents|bodies|config|data|day-time|garden|paths))\.test/,
  },
  { name: 'unit and contract', fits: /^(unit|contract)\// },
];

/** System tests that take longest, in this order. */
const LONG_FIRST = [
  'palette',
  'attacks',
  'chaos',
  'installs',
  'sidebar',
  'restart-jobs',
  'restart',
  'dashboard',
  'recipes',
  'plugin-swap',
  'fuzz',
];

/**
 * @typedef {{ name: string, spec: string[] }} Suite
 * @typedef {{ passes: number, failures: number, pending: number }} Counts
 */

/** @returns {Suite[]} one process each: Node-RED's modules are singletons. What is in test/long is for `npm run test:long`. */
export function testSuites() {
  const files = readdirSync(path.join(root, 'test'), { recursive: true })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith('long/'))
    .sort();
  const isAlone = (file) => file.startsWith('system/') && groupOf(file) === undefined;
  const system = files.filter(isAlone).map(systemSuite);
  const long = LONG_FIRST.flatMap((name) => system.filter((suite) => suite.name === `system: ${name}`));
  const suites = [...long, ...groupSuites(files), ...system.filter((suite) => !long.includes(suite))];
  const taken = suites.flatMap(({ spec }) => spec).length;
  if (taken !== files.length) throw new Error(`${files.length} test files, but ${taken} in suites`);
  return suites;
}

function groupOf(file) {
  return GROUPS.find(({ fits }) => fits.test(file));
}

/** @returns {Suite} */
function systemSuite(file) {
  const name = file.slice('system/'.length, -'.test.ts'.length);
  return { name: `system: ${name}`, spec: [`test/${file}`] };
}

/** @returns {Suite[]} */
function groupSuites(files) {
  return GROUPS.map((group) => {
    const spec = files.filter((file) => groupOf(file) === group).map((file) => `test/${file}`);
    return { name: group.name, spec };
  });
}

/**
 * Runs one suite in a process of its own.
 * @param {Suite} suite
 * @param {string} temp a folder for what the run leaves
 * @param {number} lane which of those that run at once this is
 * @returns {Promise<Counts & { output: string }>} `output` is what the run printed
 */
export async function runSuite({ name, spec }, temp, lane) {
  // Mocha takes a comma in an option for the end of it.
  const base = path.join(temp, name.replaceAll(/\W+/g, '-'));
  const [statsFile, outputFile] = [`${base}.json`, `${base}.txt`];
  const options = ['--no-config', '--extension', 'ts', '--timeout', String(TEST_MS), '--forbid-only'];
  const reporter = path.join(root, 'scripts/lib/counting-reporter.cjs');
  const reporting = ['--reporter', reporter, '--reporter-option', `file=${statsFile}`];
  const output = openSync(outputFile, 'w');
  const mocha = path.join(root, 'node_modules/.bin/mocha');
  // A hundred RIPEs are started: what one has compiled the others need not compile again.
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: path.join(temp, 'compile-cache'),
    TEST_LANE: String(lane),
  };
  const child = spawn(mocha, [...options, ...reporting, ...spec], {
    cwd: root,
    env,
    stdio: ['ignore', output, output],
  });
  const [status] = await once(child, 'exit').catch((error) => [error.message]);
  closeSync(output);
  return { ...countsIn(statsFile, status, name), output: readFileSync(outputFile, 'utf8') };
}

/** @returns {Counts} */
function countsIn(statsFile, status, name) {
  try {
    const stats = JSON.parse(readFileSync(statsFile, 'utf8'));
    // Mocha also fails on what no test owns, e.g. a rejection nobody handles.
    return status !== 0 && stats.failures === 0 ? { ...stats, failures: 1 } : stats;
  } catch {
    console.error(`${name}: the test run ended before it could count (${status})`);
    return { passes: 0, failures: 1, pending: 0 };
  }
}
