// `npm run audit`: asks the registry for known flaws of what is installed with RIPE. Exit code 1: there are some of severity
// high or critical; 2: the registry could not be asked, and nothing is known.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { auditReport } from './lib/audit-report.js';

const root = path.resolve(import.meta.dirname, '..');
const WITHIN_MS = 60_000;

const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
const installed = Object.entries(packages).filter(
  ([place, { dev, devOptional }]) => place !== '' && !dev && !devOptional,
);

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: WITHIN_MS,
});

function readAnswer() {
  try {
    return JSON.parse(stdout);
  } catch {
    return { message: error?.message ?? stderr?.trim() };
  }
}

const { lines, exitCode } = auditReport(readAnswer(), installed.length);
for (const line of lines) console.log(line);
process.exitCode = exitCode;
