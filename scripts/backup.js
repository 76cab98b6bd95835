// `npm run backup -- FILE [--force]`: the garden's database into a file, also while RIPE runs.
import path from 'node:path';
import { backUp } from '../src/adapters/store/backup/backup.ts';
import { gardenPlace, runScript } from './lib/garden-place.js';

await runScript(async () => {
  const args = process.argv.slice(2);
  const files = args.filter((arg) => arg !== '--force');
  if (files.length !== 1 || files[0].startsWith('-'))
    throw new Error('Usage: npm run backup -- FILE [--force]');
  const target = path.resolve(files[0]);
  await backUp(gardenPlace(), target, args.includes('--force'));
  console.log(`The garden is in ${target}`);
});
