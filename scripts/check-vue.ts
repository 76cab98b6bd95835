// Checks the types of the page's .vue files: scripts, the expressions of templates, and what components give each other. Vue's own
// compiler makes plain TypeScript of each, which tsc then checks together with the modules around it. (vue-tsc patches the JavaScript of
// TypeScript's compiler, and that of TypeScript 7 has none: it would need TypeScript 6 beside it, whose `tsc` takes the place of ours.)
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileScript, parse } from 'vue/compiler-sfc';

const root = path.resolve(import.meta.dirname, '..');
const pages = path.join(root, 'dashboard', 'ui');
/** Beneath node_modules, so that imports find what is installed. */
const compiled = path.join(root, 'node_modules', '.cache', 'ripe', 'vue');
/** What the compiler imports for itself, by names that begin with `_`. */
const HELPERS = /^(import \{ \w+ as _.*\} from )['"]vue['"]/gm;

rmSync(compiled, { recursive: true, force: true });
const names = globSync('**/*.vue', { cwd: pages });
for (const name of names) write(`${name}.ts`, typeScriptOf(path.join(pages, name)));
write('typed-vue.d.ts', readFileSync(path.join(root, 'scripts', 'lib', 'typed-vue.d.ts'), 'utf8'));
write(
  'tsconfig.json',
  JSON.stringify({
    extends: path.join(pages, 'tsconfig.json'),
    compilerOptions: {
      // Each of the two finds its neighbours in the other.
      rootDirs: [pages, compiled],
      paths: { 'typed-vue': ['./typed-vue.d.ts'] },
      // Vue gives a prop that is left out the value undefined.
      exactOptionalPropertyTypes: false,
    },
    include: [pages, compiled],
  }),
);
const tsc = path.join(root, 'node_modules', '.bin', 'tsc');
const { status } = spawnSync(tsc, ['--noEmit', '-p', compiled], { stdio: 'inherit', cwd: root });
process.exitCode = status ?? 1;

function typeScriptOf(file: string): string {
  const { descriptor, errors } = parse(readFileSync(file, 'utf8'), { filename: file });
  if (errors.length > 0) throw errors[0];
  const { content } = compileScript(descriptor, { id: path.basename(file), inlineTemplate: true });
  // The compiler leaves the types of props to others.
  const [, props = '{}'] = /defineProps<(.*?)>\(\)/s.exec(descriptor.scriptSetup?.content ?? '') ?? [];
  return content
    .replace('setup(__props: any', `setup(__props: Readonly<${props}>`)
    .replace('setup(__props)', 'setup(__props: {})')
    .replaceAll(HELPERS, '$1"typed-vue"');
}

function write(name: string, text: string): void {
  const file = path.join(compiled, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
