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

/** What npm answered; null where that is no report. */
function readReport() {
  try {
    const report = JSON.parse(stdout);
    return report.metadata?.vulnerabilities === undefined ? null : report;
  } catch {
    return null;
  }
}

const report = readReport();
if (report === null) {
  const reason = error?.message ?? stderr?.trim().split('\n')[0] ?? '';
  console.log(`dependency audit: NOT DONE, the registry could not be asked (${reason || 'no report'})`);
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
