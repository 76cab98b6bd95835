import { mkdirSync, readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { kindOf } from '../agents/plugin-kinds.ts';
import type { FoundPlugin, PluginSource } from './plugin-source.ts';

/**
 * The plugins folder: single modules, and package folders. An entry may be a symbolic link to a file or package
 * anywhere, which is how a developer lets RIPE run what lies in a checkout.
 */
export class DropInFolder implements PluginSource {
  readonly source = 'folder';
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  find(): FoundPlugin[] {
    mkdirSync(this.#folder, { recursive: true });
    const found: FoundPlugin[] = [];
    for (const plugin of readdirSync(this.#folder).sort()) {
      const file = path.join(this.#folder, plugin);
      if (this.#isPlugin(plugin, file)) found.push({ plugin, source: 'folder', path: file });
    }
    return found;
  }

  hint(changed: () => void): () => void {
    try {
      mkdirSync(this.#folder, { recursive: true });
      const watcher = watch(this.#folder, { persistent: false }, changed);
      watcher.on('error', () => watcher.close());
      return () => watcher.close();
    } catch {
      return () => undefined;
    }
  }

  #isPlugin(name: string, file: string): boolean {
    if (name.startsWith('.') || name === 'node_modules') return false;
    if (kindOf(name) !== undefined) return true;
    return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }
}
