import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginCode } from '../agents/worker/worker.ts';
import { ownPackage, RIPE } from '../own-package.ts';
import { entryOf, filesOf } from './plugin-files.ts';
import { type FoundPlugin, idOf } from './plugin-source.ts';

const MOST_BYTES = 64 * 1024 * 1024;
const HASH_LENGTH = 16;

/** A copy of a plugin that nobody changes any more. */
export interface StagedCopy {
  /** Of its content. */
  readonly hash: string;
  /** Where it begins, relative to the copy. */
  readonly entry: string;
}

/**
 * Immutable copies of plugins, `<root>/<plugin>/<hash>/…`, under the user directory, so that bare imports find its
 * node_modules. `@ripe-iot/node-red-ripe` resolves to the RIPE that runs, wherever the plugin came from.
 */
export class StagingArea {
  readonly #root: string;
  #copies = 0;

  constructor(root: string) {
    this.#root = root;
  }

  async open(): Promise<void> {
    const scope = path.join(this.#root, 'node_modules', path.dirname(RIPE));
    await mkdir(scope, { recursive: true });
    const link = path.join(scope, path.basename(RIPE));
    await rm(link, { recursive: true, force: true });
    await symlink(ownPackage(), link, 'junction');
  }

  /** Copies a plugin as it lies there now; what has been copied before is not copied again. */
  async stage(found: FoundPlugin): Promise<StagedCopy> {
    const entry = entryOf(found);
    const temporary = path.join(this.#placeOf(found), `.${process.pid}-${++this.#copies}`);
    try {
      const hash = await this.#copy(found, entry, temporary);
      const final = path.join(this.#placeOf(found), hash);
      if (!existsSync(final)) await rename(temporary, final);
      return { hash, entry };
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  codeOf(found: Pick<FoundPlugin, 'source' | 'plugin'>, { hash, entry }: StagedCopy): PluginCode {
    const folder = path.join(this.#placeOf(found), hash);
    return { folder, file: path.join(folder, entry) };
  }

  /** Deletes all copies of a plugin but these. */
  async prune(found: Pick<FoundPlugin, 'source' | 'plugin'>, kept: ReadonlySet<string>): Promise<void> {
    const place = this.#placeOf(found);
    const names = await readdir(place).catch(() => []);
    const old = names.filter((name) => !name.startsWith('.') && !kept.has(name));
    await Promise.all(old.map((name) => rm(path.join(place, name), { recursive: true, force: true })));
    if (kept.size === 0) await rm(place, { recursive: true, force: true });
  }

  /** Texts for clients name no places on this machine. */
  withoutPaths(text: string): string {
    return text
      .replaceAll(`${pathToFileURL(this.#root).href}/`, '')
      .replaceAll(this.#root + path.sep, '')
      .replace(/(?:folder|palette)%(?:25)?2F[^/\s]+\/[0-9a-f]{16}\//g, '');
  }

  #placeOf(found: Pick<FoundPlugin, 'source' | 'plugin'>): string {
    return path.join(this.#root, encodeURIComponent(idOf(found)));
  }

  /** Returns the hash of what it has copied, which may be more than lay there when it was noticed. */
  async #copy(found: FoundPlugin, entry: string, to: string): Promise<string> {
    const hash = createHash('sha256').update(entry);
    let bytes = 0;
    for (const { name, path: file } of filesOf(found.path, { withModules: true })) {
      const content = await readFile(file);
      bytes += content.length;
      if (bytes > MOST_BYTES) throw new Error(`is larger than ${MOST_BYTES / 1024 / 1024} MB`);
      hash.update(`\0${name}\0${content.length}\0`).update(content);
      const copy = path.join(to, name);
      await mkdir(path.dirname(copy), { recursive: true });
      await writeFile(copy, content, { mode: 0o600 });
    }
    return hash.digest('hex').slice(0, HASH_LENGTH);
  }
}
