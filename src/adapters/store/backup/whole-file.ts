import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Makes a private file that appears under its name when it is complete, or not at all. */
export async function wholeFile(
  file: string,
  { force }: { readonly force: boolean },
  fill: (temporary: string) => void | Promise<void>,
): Promise<void> {
  const refuseExisting = () => {
    if (!force && existsSync(file)) throw new Error(`${file} exists already; --force replaces it`);
  };
  refuseExisting();
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    // It holds keys.
    closeSync(openSync(temporary, 'wx', 0o600));
    await fill(temporary);
    chmodSync(temporary, 0o600);
    sync(temporary);
    refuseExisting();
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
  // A new name is on disk once its directory is; Windows knows no such thing.
  if (process.platform !== 'win32') sync(dirname(file));
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
