import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RefusedVersion } from '../../domain/agent/plugin.ts';
import type { AnyControls } from '../../domain/agent/settings-controls.ts';
import { RipeError, textOf } from '../../domain/errors.ts';
import { isObject } from '../../domain/json.ts';
import type { StagedCopy } from './staging-area.ts';

/** A version that passed its trial, and is kept as a staged copy. */
export interface GoodVersion extends StagedCopy {
  readonly name: string;
  /** What it goes by: its own version, marked where another content went by that already. */
  readonly version: string;
  /** What it calls itself. */
  readonly own: string;
  readonly neutral: number;
  readonly settings: AnyControls;
}

/** A content that is not loaded again: it was rolled back. */
export interface CondemnedVersion extends RefusedVersion {
  readonly hash: string;
}

/** What is known of one plugin beyond its files. */
export interface PluginRecord {
  /** The newest first; the first one is the one to run. */
  readonly versions: readonly GoodVersion[];
  readonly condemned: readonly CondemnedVersion[];
  readonly isPinned: boolean;
}

/**
 * What the garden remembers of its plugins, in one file beside the staged copies: which version runs at the next start
 * if the folder then holds something broken, what was rolled back, what is pinned.
 */
export class Catalogue {
  readonly #file: string;
  readonly #plugins = new Map<string, PluginRecord>();
  readonly #neutrals = new Map<string, number>();
  readonly #onUnwritten: (error: RipeError) => void;
  #writing: Promise<void> = Promise.resolve();

  /** `onUnwritten`: the disk did not take the catalogue. All of it is written with the next change. */
  constructor(folder: string, onUnwritten: (error: RipeError) => void) {
    this.#file = path.join(folder, 'catalogue.json');
    this.#onUnwritten = onUnwritten;
  }

  /** A file that is missing or damaged is an empty catalogue: everything is tried anew. */
  async open(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '{}');
    const { plugins, neutrals } = parsed(text);
    for (const [id, record] of Object.entries(plugins)) this.#plugins.set(id, record as PluginRecord);
    for (const [name, neutral] of Object.entries(neutrals)) this.#neutrals.set(name, Number(neutral) | 0);
  }

  ids(): string[] {
    return [...this.#plugins.keys()];
  }

  of(id: string): PluginRecord | undefined {
    return this.#plugins.get(id);
  }

  /** The safe value of an agent type, as its last version said. */
  neutralOf(name: string): number | undefined {
    return this.#neutrals.get(name);
  }

  keep(id: string, record: PluginRecord): void {
    const isEmpty = record.versions.length === 0 && record.condemned.length === 0 && !record.isPinned;
    if (isEmpty) this.#plugins.delete(id);
    else this.#plugins.set(id, record);
    for (const { name, neutral } of record.versions.slice(0, 1)) this.#neutrals.set(name, neutral);
    this.#write();
  }

  /** Resolves when what was kept so far is on disk; rejects where it is not. */
  written(): Promise<void> {
    return this.#writing;
  }

  #write(): void {
    const former = this.#writing.catch(() => undefined);
    this.#writing = former
      .then(() => this.#save())
      .catch((error) => {
        throw new RipeError('RIPE_PLUGINS_UNWRITTEN', { reason: textOf(error) }, error);
      });
    this.#writing.catch(this.#onUnwritten);
  }

  async #save(): Promise<void> {
    const content = {
      plugins: Object.fromEntries(this.#plugins),
      neutrals: Object.fromEntries(this.#neutrals),
    };
    const temporary = `${this.#file}.tmp`;
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    await rename(temporary, this.#file);
  }
}

function parsed(text: string): { plugins: object; neutrals: object } {
  try {
    const content: unknown = JSON.parse(text);
    if (!isObject(content)) return { plugins: {}, neutrals: {} };
    const { plugins, neutrals } = content;
    return { plugins: isObject(plugins) ? plugins : {}, neutrals: isObject(neutrals) ? neutrals : {} };
  } catch {
    return { plugins: {}, neutrals: {} };
  }
}
