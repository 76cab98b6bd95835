// Writes the example answers, as a garden in memory gives them, and docs/rest.md from these and the route table: `npm run docs`.
// A test fails when it was forgotten.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '../src/domain/rest/openapi.ts';
import { ROUTES } from '../src/domain/rest/routes.ts';
import { exampleAnswers } from './lib/example-garden.ts';
import { restMarkdown } from './lib/rest-markdown.ts';

const root = path.resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const answers = await exampleAnswers();

const file = path.join(root, 'src/domain/rest/answer-examples.ts');
writeFileSync(
  file,
  `import type { Json } from '../json.ts';
import type { Operation } from './route.ts';

/** What RIPE answers, for the documentation. Written by \`npm run docs\` from scripts/lib/example-garden.ts; do not edit. */
export const ANSWER_EXAMPLES: Readonly<Record<Operation, Json>> = ${JSON.stringify(answers)};
`,
);
execFileSync(path.join(root, 'node_modules/.bin/biome'), ['check', '--write', file], { stdio: 'ignore' });

writeFileSync(path.join(root, 'docs', 'rest.md'), restMarkdown(openApiDocument(ROUTES, version, answers)));
process.exit(0);
