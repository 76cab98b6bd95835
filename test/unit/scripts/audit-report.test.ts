import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { AUDIT_EXIT, auditReport } from '../../../scripts/lib/audit-report.js';

const counts = (parts: object = {}) => ({ metadata: { vulnerabilities: { total: 0, ...parts } } });

describe('The report of a dependency audit', () => {
  it('says that nothing was found, and of how many packages', () => {
    const { lines, exitCode } = auditReport(counts(), 87);
    assert.equal(exitCode, AUDIT_EXIT.clean);
    assert.deepEqual(lines, [
      'dependency audit: 0 known flaws in 87 production packages, 0 of them high or critical',
    ]);
  });

  it('names every flaw, and fails for the serious ones only', () => {
    const flaw = (severity: string) => ({
      ...counts({ total: 1, [severity]: 1 }),
      vulnerabilities: {
        ws: {
          name: 'ws',
          severity,
          fixAvailable: true,
          via: [{ title: 'Too slow', url: 'https://example.invalid/1' }],
        },
      },
    });
    const high = auditReport(flaw('high'), 87);
    assert.equal(high.exitCode, AUDIT_EXIT.flawed);
    assert.equal(
      high.lines[0],
      'dependency audit: high: ws: Too slow https://example.invalid/1 (npm audit fix mends it)',
    );
    const moderate = auditReport(flaw('moderate'), 87);
    assert.equal(moderate.exitCode, AUDIT_EXIT.clean);
    assert.match(moderate.lines[0] ?? '', /moderate: ws/);
  });

  it('never takes a registry that refuses for a clean one', () => {
    for (const answer of [{ message: '405 Method Not Allowed' }, {}, undefined, { metadata: {} }]) {
      const { lines, exitCode } = auditReport(answer, 87);
      assert.equal(exitCode, AUDIT_EXIT.notDone);
      assert.match(
        lines[0] ?? '',
        /NOT DONE for 87 production packages: (?:405 Method Not Allowed|npm gave no reason)$/,
      );
    }
  });
});
