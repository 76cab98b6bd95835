import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BenchCurves, BenchOutcome } from '../../../bench/harness/bench-case.ts';
import { drawChart } from '../../../bench/harness/chart.ts';
import { fillPlace, targetTable, writeDocs } from '../../../bench/harness/docs.ts';
import { createReport } from '../../../bench/harness/report.ts';
import { figureOf, isReached, TARGETS } from '../../../bench/harness/targets.ts';

const curves: BenchCurves = {
  id: 'demo-time',
  title: 'Time & <more>',
  x: 'sensors',
  unit: 'ms',
  lines: [
    {
      name: 'RIPE',
      points: [
        [100, 1],
        [10_000, 100],
      ],
    },
    {
      name: 'bare',
      points: [
        [100, 10],
        [10_000, 10],
      ],
    },
  ],
};
const jobs: BenchOutcome = {
  name: 'jobs',
  title: 'many jobs',
  rows: [
    { name: 'growth exponent: time to add all', value: 1.05, unit: '' },
    { name: 'growth exponent: memory of all', value: 1.3, unit: '' },
  ],
  curves: [curves],
};

describe('chart of the bench', () => {
  const places = (svg: string, line: number) => {
    const points = [...svg.matchAll(/<polyline points="([^"]+)"/g)][line]?.[1] ?? '';
    return points.split(' ').map((pair) => pair.split(',').map(Number));
  };

  it('draws what is in proportion as a straight line through both corners', () => {
    const [[left, bottom], [right, top]] = places(drawChart(curves), 0) as [number[], number[]];
    assert.deepEqual([left, bottom, right, top], [70, 270, 460, 52]);
  });

  it('draws what does not grow as a level line', () => {
    const [[, first], [, last]] = places(drawChart(curves), 1) as [number[], number[]];
    assert.equal(first, last);
  });

  it('has every word as text, escaped', () => {
    const svg = drawChart(curves);
    assert.ok(svg.includes('<title>Time &amp; &lt;more&gt;</title>'));
    for (const word of ['sensors', 'ms', 'RIPE', 'bare', '10K']) assert.ok(svg.includes(word), word);
  });

  it('refuses what has no logarithm', () => {
    const bad = { ...curves, lines: [{ name: 'a', points: [[1, 0]] as const }] };
    assert.throws(() => drawChart(bad), /not above 0/);
  });
});

describe('targets of the bench', () => {
  const target = (of: string, row: string) => {
    const found = TARGETS.find((each) => each.of === of && each.row === row);
    assert.ok(found, row);
    return found;
  };

  it('are reached within their bound', () => {
    assert.ok(isReached({ text: '', of: '', row: '', atLeast: 0.9 }, 0.9));
    assert.ok(!isReached({ text: '', of: '', row: '', atLeast: 0.9 }, 0.89));
    assert.ok(!isReached({ text: '', of: '', row: '', atMost: 2 }, 2.01));
  });

  it('take their figure from the row of their case', () => {
    const added = target('jobs', 'growth exponent: time to add all');
    assert.equal(figureOf(added, [jobs])?.value, 1.05);
    assert.equal(figureOf(added, []), undefined);
    assert.equal(figureOf(added, [{ name: 'jobs', title: '', error: 'no disk' }]), undefined);
  });

  it('say what is reached, what falls short, and what was not measured', () => {
    const table = targetTable([jobs]).split('\n');
    const line = (text: string) => table.find((each) => each.includes(text)) ?? '';
    assert.match(line('time to add all'), /\| 1.05 {2}\| reached \|$/);
    assert.match(line('memory of all'), /\| 1.30 {2}\| \*\*falls short\*\* \|$/);
    assert.match(line('a bare mqtt.js client'), /\| not measured \|$/);
  });
});

describe('the page of figures', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ripe-bench-docs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is filled between the marks of a name only', () => {
    const page = 'a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb\n';
    assert.equal(fillPlace(page, 'x', 'new'), 'a\n<!-- bench:x -->\n\nnew\n\n<!-- /bench:x -->\nb\n');
    assert.equal(fillPlace(page, 'y', 'new'), page);
  });

  it('keeps the figures of cases that were not run, or failed', async () => {
    const files = {
      page: path.join(folder, 'page.md'),
      figures: path.join(folder, 'page.json'),
      images: path.join(folder, 'images'),
    };
    const place = (name: string) => `<!-- bench:${name} -->\n<!-- /bench:${name} -->\n`;
    await writeFile(files.page, place('targets') + place('jobs') + place('start'));
    const start = { name: 'start', title: 'start', rows: [{ name: 'ready', value: 900, unit: 'ms' }] };
    await writeDocs(files, createReport(new Date(0), [jobs]));
    await writeDocs(files, createReport(new Date(0), [start, { name: 'jobs', title: '', error: 'no disk' }]));
    const page = await readFile(files.page, 'utf8');
    assert.ok(page.includes('| ready | 900.0 ms |'));
    assert.ok(page.includes('| growth exponent: time to add all | 1.05  |'));
    assert.ok(page.includes('(images/bench-demo-time.svg)'));
    assert.match(await readFile(path.join(files.images, 'bench-demo-time.svg'), 'utf8'), /^<svg /);
  });
});
