// `npm run build`: compiles both agent types into built/, each of a few kilobytes. `npm run build -- c` only the one in C.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = import.meta.dirname;
const built = path.join(root, 'built');

/** The sources of a folder: file name -> text. */
function sourcesOf(folder) {
  const names = readdirSync(path.join(root, folder)).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, folder, name), 'utf8')]));
}

const C_FLAGS = [
  '--target=wasm32',
  '-O2',
  '-nostdlib',
  '-fno-builtin',
  '-mbulk-memory',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wno-unused-function',
  '-Wl,--no-entry',
  '-Wl,--strip-all',
  '-Wl,-z,stack-size=16384',
];

async function compileC(sources) {
  const { runClang } = await import('@yowasp/clang');
  const out = await runClang(['clang', ...C_FLAGS, 'plugin.c', '-o', 'plugin.wasm'], sources);
  return out['plugin.wasm'];
}

async function compileAssemblyScript(sources) {
  const { main } = await import('assemblyscript/asc');
  let binary;
  // The incremental runtime frees memory; the minimal one would not.
  const args = ['index.ts', '--outFile', 'plugin.wasm', '--runtime', 'incremental', '-Oz', '--converge'];
  const { error, stderr } = await main(args, {
    readFile: (name) => sources[name] ?? null,
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => Object.keys(sources),
  });
  if (error !== null) throw new Error(`${stderr}${error.message}`);
  return binary;
}

const MODULES = {
  c: { folder: 'c', file: 'water-in-c.wasm', compile: compileC },
  as: { folder: 'assembly', file: 'water-in-assemblyscript.wasm', compile: compileAssemblyScript },
};

/** From which sources a module was built: the test looks whether they are still the same. */
function noteSources(folder, file, sources) {
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex');
  writeFileSync(path.join(built, `${file}.sources`), `${hash}  ${folder}/\n`);
}

const [only] = process.argv.slice(2);
mkdirSync(built, { recursive: true });
for (const [name, { folder, file, compile }] of Object.entries(MODULES)) {
  if (only !== undefined && only !== name) continue;
  const sources = sourcesOf(folder);
  const bytes = await compile(sources);
  writeFileSync(path.join(built, file), bytes);
  noteSources(folder, file, sources);
  console.log(`built/${file}: ${bytes.length} bytes`);
}
