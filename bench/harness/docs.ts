import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchOutcome, BenchResult } from './bench-case.ts';
import { drawChart } from './chart.ts';
import type { BenchReport } from './report.ts';
import { valueText } from './table.ts';
import { figureOf, isReached, TARGETS } from './targets.ts';

/** A case that went well, and where and when that was. */
type Measured = Pick<BenchOutcome, 'name' | 'title'> & BenchResult & { readonly at: string };

export interface DocFiles {
  /** Has a place `<!-- bench:NAME --> … <!-- /bench:NAME -->` for each case, and one for `targets`. */
  readonly page: string;
  /** The figures that the page shows. */
  readonly figures: string;
  /** Folder of the charts. */
  readonly images: string;
}

/** Puts the figures of a run on the page; cases that were not run, or failed, stay as they are. */
export async function writeDocs(files: DocFiles, report: BenchReport): Promise<void> {
  const at = `${report.startedAt.slice(0, 10)}, ${report.cores} × ${report.cpu}, Node.js ${report.node}`;
  const fresh = report.cases.flatMap((outcome): Measured[] =>
    'error' in outcome ? [] : [{ ...outcome, at }],
  );
  const known = await knownFigures(files.figures);
  const all = [...known.filter(({ name }) => fresh.every((each) => each.name !== name)), ...fresh];
  await writeFile(files.figures, `${JSON.stringify(all, null, 1)}\n`);
  await mkdir(files.images, { recursive: true });
  let page = fillPlace(await readFile(files.page, 'utf8'), 'targets', targetTable(all));
  for (const measured of all) {
    for (const curves of measured.curves ?? [])
      await writeFile(path.join(files.images, `bench-${curves.id}.svg`), drawChart(curves));
    page = fillPlace(page, measured.name, caseText(measured, path.basename(files.images)));
  }
  await writeFile(files.page, page);
}

async function knownFigures(file: string): Promise<Measured[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Measured[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** What stands between the two marks of a name; a page without them stays as it is. */
export function fillPlace(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) return page;
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

export function targetTable(outcomes: readonly BenchOutcome[]): string {
  const lines = TARGETS.map((target) => {
    const row = figureOf(target, outcomes);
    if (row === undefined) return `| ${target.text} | – | not measured |`;
    const verdict = isReached(target, row.value) ? 'reached' : '**falls short**';
    return `| ${target.text} | ${valueText(row)} ${row.unit} | ${verdict} |`;
  });
  return ['| target | figure | |', '| --- | ---: | --- |', ...lines].join('\n');
}

function caseText({ rows, curves = [], at }: Measured, images: string): string {
  const table = rows.map((row) => `| ${row.name} | ${valueText(row)} ${row.unit} |`);
  return [
    ...curves.map(({ id, title }) => `![${title}](${images}/bench-${id}.svg)`),
    `<details><summary>All figures (${at})</summary>\n`,
    ['| | |', '| --- | ---: |', ...table].join('\n'),
    '\n</details>',
  ].join('\n');
}
