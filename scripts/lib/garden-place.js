// Where `npm start` keeps the garden: what its dialog says, else what the settings say.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export function gardenPlace() {
  const settings = createRequire(import.meta.url)('../../settings.js');
  const { dataDir, databaseUrl, newPassword } = settings.ripe;
  // The settings have just made it, and show it to nobody else.
  if (newPassword !== null) console.log(`Editor login, shown only now:  admin / ${newPassword}`);
  const gardens = JSON.parse(readFileSync(settings.flowFile, 'utf8')).filter(
    (node) => node.type === 'ripe-garden' && !node.d,
  );
  const named = new Set(gardens.map((garden) => garden.file?.trim() ?? ''));
  if (named.size > 1) throw new Error('The flow has several gardens; this works with one.');
  const [file = ''] = named;
  return {
    file: path.resolve(dataDir, file || 'ripe.db'),
    databaseUrl: file === '' ? (databaseUrl ?? null) : null,
  };
}

/** Runs the work of a script; an error is one line. */
export async function runScript(work) {
  try {
    await work();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
