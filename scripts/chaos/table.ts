import type { ChaosOutcome } from './run-scenarios.ts';
import type { ChaosResult, DeviceResult } from './scenario.ts';
import { brokenPromises } from './verdict.ts';

const HEADINGS = [
  'scenario',
  'what is done to it',
  'kills',
  'changes acknowledged',
  'of these lost',
  'readings taken',
  'lost in the last tick',
  'lost otherwise',
  'runs',
  'legacy on past it',
  'longest overrun',
  'envelope on past it',
  'longest overrun',
  'recovery: median',
  'longest',
] as const;

type Row = readonly string[];

/** For a terminal: one line per figure, since so many columns fit into none. */
export function renderOutcome(outcome: ChaosOutcome): string {
  const broken = brokenPromises(outcome).map((line) => `  BROKEN: ${line}`);
  if ('lack' in outcome) return `${outcome.name}: not run, ${outcome.lack}`;
  if ('error' in outcome) return [`${outcome.name}: could not be run to its end`, ...broken].join('\n');
  const cells = rowOf(outcome.name, outcome.title, outcome.result);
  const lines = HEADINGS.slice(2).map(
    (heading, index) => `  ${heading.padEnd(22)} ${cells[index + 2] ?? ''}`,
  );
  return [`${outcome.name}: ${outcome.title}`, ...lines, ...broken].join('\n');
}

export function renderTable(outcomes: readonly ChaosOutcome[]): string {
  const rows = [HEADINGS, ...outcomes.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => lineOf(row, widths, '  ')).join('\n');
}

export function renderMarkdown(outcomes: readonly ChaosOutcome[]): string {
  const rule = HEADINGS.map((_, index) => (index < 2 ? '---' : '---:'));
  return [HEADINGS, rule, ...outcomes.map(cellsOf)].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function lineOf(row: Row, widths: readonly number[], gap: string): string {
  return widths
    .map((width, column) => {
      const cell = row[column] ?? '';
      return column < 2 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(gap)
    .trimEnd();
}

function cellsOf(outcome: ChaosOutcome): Row {
  const { name, title } = outcome;
  if ('result' in outcome) return rowOf(name, title, outcome.result);
  return [name, 'lack' in outcome ? `not run: ${outcome.lack}` : `failed: ${outcome.error.split('\n')[0]}`];
}

function rowOf(name: string, title: string, result: ChaosResult): Row {
  const { kills, acknowledged, lostChanges, readings, devices, recoveriesMs } = result;
  const of = (kind: DeviceResult['kind']) => devices.find((device) => device.kind === kind);
  const seen = (device: DeviceResult | undefined) =>
    device === undefined ? ['–', '–'] : [`${device.late}`, inMs(device.longestOverrunMs)];
  const sorted = recoveriesMs.toSorted((a, b) => a - b);
  return [
    name,
    title,
    `${kills}`,
    `${acknowledged}`,
    `${lostChanges.length}`,
    readings === null ? '–' : `${readings.taken}`,
    readings === null ? '–' : `${readings.lost - readings.lostOutsideTick}`,
    readings === null ? '–' : `${readings.lostOutsideTick}`,
    `${of('legacy')?.runs ?? 0}`,
    ...seen(of('legacy')),
    ...seen(of('envelope')),
    inSeconds(sorted[sorted.length >> 1]),
    inSeconds(sorted.at(-1)),
  ];
}

const inMs = (ms: number): string => `${Math.round(ms)} ms`;
const inSeconds = (ms: number | undefined): string =>
  ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`;
