// `npm run restore -- FILE`: puts a backup in the place of the garden, also while RIPE runs.
import path from 'node:path';
import { restore } from '../src/adapters/store/backup/backup.ts';
import { gardenPlace, runScript } from './lib/garden-place.js';

await runScript(async () => {
  const files = process.argv.slice(2);
  if (files.length !== 1 || files[0].startsWith('-')) throw new Error('Usage: npm run restore -- FILE');
  console.log(await restore(gardenPlace(), path.resolve(files[0]), console.log));
});
