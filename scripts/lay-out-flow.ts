// Writes flows/ripe.json, or the file that is named: `node scripts/lay-out-flow.ts [file]`. The REST part comes from
// the route table, so that a new route only has to be laid out, not copied.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { enterSettings, layOutGarden } from './lib/flow-garden.ts';
import { layOutRest } from './lib/flow-rest.ts';
import { comment, nodes } from './lib/flow-sheet.ts';

enterSettings();
comment(
  'ripe.note.title',
  'RIPE: readings in, agents decide, jobs run, water stops',
  240,
  60,
  'Every wire carries ordinary messages, documented in docs/messages.md. Anything may be put on a wire: a rain check, a calibration, a notification.',
);
layOutGarden();
layOutRest();
const file = process.argv[2] ?? path.join(import.meta.dirname, '..', 'flows', 'ripe.json');
writeFileSync(file, `${JSON.stringify(nodes, null, 2)}\n`);
