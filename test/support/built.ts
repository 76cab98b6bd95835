import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './dist.ts';

/** Of `dist/`, as those who install RIPE run it: `built<typeof import('../../src/x.ts')>('src/x.ts')`. */
export async function built<Module>(source: string): Promise<Module> {
  const file = path.join(ROOT, 'dist', source.replace(/\.ts$/, '.js'));
  return (await import(pathToFileURL(file).href)) as Module;
}
