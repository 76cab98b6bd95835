// The test suites of `npm test`: what each one runs, and how one is run and counted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** The suites that take longest start first, so that none is left alone at the end. */
const LONG_FIRST = [
  'palette',
  'chaos',
  'dashboard',
  'recipes',
  'dashboard-palette',
  'sidebar',
  'installs',
  'fuzz',
  'plugin-swap',
];

/**
 * @typedef {{ name: string, spec: string[], timeout: number }} Suite `timeout` of one test, in ms
 * @typedef {{ passes: number, failures: number, pending: number }} Counts
 */

/** @returns {Suite[]} one process each: Node-RED's modules are singletons, and system tests mostly wait. */
export function testSuites() {
  return [
    ...systemSuites((name) => LONG_FIRST.includes(name)),
    {
      name: 'unit and contract',
      spec: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
      timeout: 20_000,
    },
    { name: 'nodes', spec: ['test/nodes/**/*.test.ts'], timeout: 30_000 },
    ...systemSuites((name) => !LONG_FIRST.includes(name)),
  ];
}

/** @returns {Suite[]} */
function systemSuites(isTaken) {
  return readdirSync(path.join(root, 'test/system'))
    .filter((file) => file.endsWith('.test.ts') && isTaken(file.replace('.test.ts', '')))
    .map((file) => ({
      name: `system: ${file.replace('.test.ts', '')}`,
      spec: [`test/system/${file}`],
      timeout: 60_000,
    }));
}

/**
 * Runs one suite in a process of its own.
 * @param {Suite} suite
 * @param {string} temp a folder for what the run leaves
 * @returns {Promise<Counts & { output: string }>} `output` is what the run printed
 */
export async function runSuite({ name, spec, timeout }, temp) {
  // Mocha takes a comma in an option for the end of it.
  const base = path.join(temp, name.replaceAll(/\W+/g, '-'));
  const [statsFile, outputFile] = [`${base}.json`, `${base}.txt`];
  const options = ['--no-config', '--extension', 'ts', '--timeout', String(timeout), '--forbid-only'];
  const reporter = path.join(root, 'scripts/lib/counting-reporter.cjs');
  const reporting = ['--reporter', reporter, '--reporter-option', `file=${statsFile}`];
  const output = openSync(outputFile, 'w');
  const mocha = path.join(root, 'node_modules/.bin/mocha');
  const child = spawn(mocha, [...options, ...reporting, ...spec], {
    cwd: root,
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
