import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A path in a new directory; `dispose` deletes the directory. */
export async function tempFile(name: string): Promise<{ file: string; dispose(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'ripe-store-'));
  return { file: join(directory, name), dispose: () => rm(directory, { recursive: true, force: true }) };
}
