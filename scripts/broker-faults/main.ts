// `npm run broker-faults`: does to real mosquittos what happens to brokers, and prints the table of docs/reliability.md.
import { type Fault, faults } from './fault.ts';
import { type FaultResult, runFault } from './run-fault.ts';

const HEADINGS = [
  'mode',
  'fault of the broker in service',
  'published',
  'acknowledged',
  'until served again, ms',
  'longest gap, ms',
  'lost',
  'duplicates',
];

const only = process.argv.slice(2);
const unknown = only.filter((name) => !faults.some((fault) => fault.name === name));
if (unknown.length > 0) {
  const list = faults.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n');
  console.error(`Usage: npm run broker-faults -- [fault …]\n\n${list}`);
  process.exit(2);
}
const rows: string[][] = [];
for (const fault of faults.filter(({ name }) => only.length === 0 || only.includes(name))) {
  console.error(`${fault.mode}: ${fault.title}`);
  rows.push(rowOf(fault, await runFault(fault)));
}
const rule = HEADINGS.map((_, index) => (index < 2 ? '---' : '---:'));
console.log([HEADINGS, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));

function rowOf({ mode, title }: Fault, result: FaultResult): string[] {
  const { published, acknowledged, outOfServiceMs, gapMs, lost, duplicates } = result;
  const figures = [published, acknowledged, Math.round(outOfServiceMs), Math.round(gapMs), lost, duplicates];
  return [mode, title, ...figures.map(String)];
}
