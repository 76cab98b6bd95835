// Writes docs/rest.md from the route table: `npm run docs`. A test fails when it was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '../src/domain/rest/openapi.ts';
import { ROUTES } from '../src/domain/rest/routes.ts';
import { restMarkdown } from './lib/rest-markdown.ts';

const root = path.resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
writeFileSync(path.join(root, 'docs', 'rest.md'), restMarkdown(openApiDocument(ROUTES, version)));
