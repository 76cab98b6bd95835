// What `npm audit --json` has answered, in words and as an exit code.
const FAILING = ['high', 'critical'];

/** The audit was done, and nothing serious was found; something was; it could not be done. */
export const AUDIT_EXIT = { clean: 0, flawed: 1, notDone: 2 };

/**
 * `answer`: a report, or npm's `{message}` where it could not make one. `packages`: how many are installed with RIPE.
 * Returns the lines to print, and the exit code.
 */
export function auditReport(answer, packages) {
  const counts = answer?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const reason = answer?.message || answer?.error?.summary || 'npm gave no reason';
    return {
      lines: [
        `dependency audit: NOT DONE for ${packages} production packages: ${reason}`,
        'dependency audit: nothing is known of flaws; run `npm run audit` before a release where the npm registry can be asked',
      ],
      exitCode: AUDIT_EXIT.notDone,
    };
  }
  const flaws = Object.values(answer.vulnerabilities ?? {}).map(({ name, severity, via, fixAvailable }) => {
    const titles = via.map((each) =>
      typeof each === 'string' ? `by ${each}` : `${each.title} ${each.url ?? ''}`,
    );
    const fix = fixAvailable ? 'npm audit fix mends it' : 'no fix yet';
    return `dependency audit: ${severity}: ${name}: ${titles.join('; ').trim()} (${fix})`;
  });
  const failing = FAILING.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
  const total = `${counts.total ?? 0} known flaws in ${packages} production packages, ${failing} of them high or critical`;
  return {
    lines: [...flaws, `dependency audit: ${total}`],
    exitCode: failing > 0 ? AUDIT_EXIT.flawed : AUDIT_EXIT.clean,
  };
}
