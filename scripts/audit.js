// `npm run audit`: asks the registry for known flaws of what is installed with RIPE. Flaws of severity high and critical fail;
// a registry that cannot be asked does not, but is said plainly.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const WITHIN_MS = 60_000;
const FAILING = ['high', 'critical'];

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: WITHIN_MS,
});

/** What npm answered: a report, or `{message}` where it could not make one. */
function readAnswer() {
  try {
    return JSON.parse(stdout);
  } catch {
    return { message: error?.message ?? stderr?.trim() };
  }
}

const report = readAnswer();
if (report.metadata?.vulnerabilities === undefined) {
  console.log(`dependency audit: NOT DONE, the registry gave no report (${report.message || 'no reason'})`);
  process.exit(0);
}

const { vulnerabilities, metadata } = report;
for (const { name, severity, via } of Object.values(vulnerabilities ?? {})) {
  const titles = via.map((each) => (typeof each === 'string' ? `by ${each}` : each.title));
  console.log(`dependency audit: ${severity}: ${name}: ${titles.join('; ')}`);
}
const counts = metadata.vulnerabilities;
const failing = FAILING.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
console.log(
  `dependency audit: ${counts.total ?? 0} known flaws in production dependencies, ${failing} of them high or critical`,
);
process.exit(failing > 0 ? 1 : 0);
