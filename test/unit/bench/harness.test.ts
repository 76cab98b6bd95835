import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BenchCase, BenchContext, BenchOutcome } from '../../../bench/harness/bench-case.ts';
import { BenchUsageError, parseBenchOptions } from '../../../bench/harness/options.ts';
import { createReport, writeReport } from '../../../bench/harness/report.ts';
import { BenchRunner } from '../../../bench/harness/run-cases.ts';
import { renderOutcome, valueText } from '../../../bench/harness/table.ts';
import { freePorts } from '../../../bench/support/free-port.ts';
import { treeResidentMib } from '../../../bench/support/memory.ts';

const rows = [
  { name: 'a', value: 2.345678, unit: 'ms' },
  { name: 'longer', value: 12_345.6, unit: 'MiB' },
  { name: 'a / b', value: 12.345, unit: '×' },
];

describe('table of the bench', () => {
  it('lines names and values up', () => {
    assert.equal(
      renderOutcome({ name: 'demo', title: 'a demonstration', rows }),
      ['demo: a demonstration', '  a        2.35 ms', '  longer  12346 MiB', '  a / b   12.35 ×'].join('\n'),
    );
  });

  it('shows why a case failed', () => {
    assert.equal(
      renderOutcome({ name: 'demo', title: 't', error: 'no broker' }),
      'demo: t\n  failed: no broker',
    );
  });

  it('rounds to what means something', () => {
    const text = (value: number, unit: string) => valueText({ name: '', value, unit });
    assert.deepEqual(
      [text(0.5, 'ms'), text(99.96, 'ms'), text(1234.5, 'ms'), text(10, '×')],
      ['0.50', '100.0', '1235', '10.00'],
    );
  });
});

describe('options of the bench', () => {
  const known = ['latency', 'start'];

  it('runs and lists all cases when none is named', () => {
    assert.deepEqual(parseBenchOptions([], known), {
      cases: known,
      isAll: true,
      jsonFile: null,
      writesDocs: false,
      isHelp: false,
    });
  });

  it('runs each named case once, in the order given', () => {
    const options = parseBenchOptions(['start', 'latency', 'start', '--json', 'out.json'], known);
    assert.deepEqual(options, {
      cases: ['start', 'latency'],
      isAll: false,
      jsonFile: 'out.json',
      writesDocs: false,
      isHelp: false,
    });
  });

  it('names what it does not know', () => {
    const refuses = (args: string[], message: RegExp) =>
      assert.throws(
        () => parseBenchOptions(args, known),
        (error) => error instanceof BenchUsageError && message.test(error.message),
      );
    refuses(['speed'], /^Unknown case "speed"; there are: latency, start$/);
    refuses(['--fast'], /^Unknown option '--fast'$/);
    refuses(['--json'], /^--json needs the name of a file$/);
    refuses(['--json='], /^--json needs the name of a file$/);
  });
});

describe('runner of the bench', () => {
  const calls: string[] = [];
  beforeEach(() => calls.splice(0));

  function benchCase(name: string, run: (context: BenchContext) => Promise<void>): BenchCase {
    return {
      name,
      title: name,
      async run(context) {
        await run(context);
        return { rows };
      },
    };
  }

  function runner() {
    const outcomes: BenchOutcome[] = [];
    const progress = (text: string) => void calls.push(text);
    return {
      outcomes,
      runner: new BenchRunner({ progress, onOutcome: (outcome) => outcomes.push(outcome) }),
    };
  }

  const opening = benchCase('opening', async ({ onEnd }) => {
    onEnd(() => void calls.push('folder'));
    onEnd(async () => void calls.push('process'));
  });

  it('ends what a case opened, the latest first', async () => {
    await runner().runner.runAll([opening]);
    assert.deepEqual(calls, ['process', 'folder']);
  });

  it('ends it also when the case fails, and goes on with the next case', async () => {
    const failing = benchCase('failing', async (context) => {
      await opening.run(context);
      throw new Error('no luck');
    });
    const { runner: benchRunner, outcomes } = runner();
    await benchRunner.runAll([failing, opening]);
    assert.deepEqual(calls, ['process', 'folder', 'process', 'folder']);
    assert.deepEqual(outcomes, [
      { name: 'failing', title: 'failing', error: 'no luck' },
      { name: 'opening', title: 'opening', rows },
    ]);
  });

  it('goes on when an ending fails, and says so', async () => {
    const stubborn = benchCase('stubborn', async ({ onEnd }) => {
      onEnd(() => void calls.push('folder'));
      onEnd(() => Promise.reject(new Error('still running')));
    });
    const { runner: benchRunner, outcomes } = runner();
    await benchRunner.runAll([stubborn]);
    assert.deepEqual(calls, ['teardown failed: still running', 'folder']);
    assert.ok('rows' in (outcomes[0] ?? {}));
  });

  it('tells progress with the name of the case', async () => {
    await runner().runner.runAll([benchCase('slow', async ({ progress }) => progress('half way'))]);
    assert.deepEqual(calls, ['slow: half way']);
  });
});

describe('report of the bench', () => {
  it('is JSON with the machine and all outcomes', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'ripe-bench-test-'));
    try {
      const file = path.join(dir, 'out.json');
      const report = createReport(new Date(0), [{ name: 'demo', title: 't', rows }]);
      await writeReport(file, report);
      assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), report);
      assert.equal(report.startedAt, '1970-01-01T00:00:00.000Z');
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('support of the bench', () => {
  it('adds up the memory of a process and all that it started', () => {
    const table = [
      '  1     0  1024',
      ' 10     1  2048',
      ' 11    10  1024',
      ' 12    11   512',
      ' 20     1  4096',
      '',
    ];
    assert.equal(treeResidentMib(table.join('\n'), 10), 3.5);
    assert.equal(treeResidentMib(table.join('\n'), 99), 0);
  });

  it('finds free ports that differ', async () => {
    const ports = await freePorts(5);
    assert.equal(new Set(ports).size, 5);
    assert.ok(ports.every((port) => port > 0 && port < 65_536));
  });
});
