import type { RefusedVersion } from '../../domain/agent/plugin.ts';
import type { Catalogue, CondemnedVersion, GoodVersion, PluginRecord } from './catalogue.ts';

const KEPT_VERSIONS = 4;
const KEPT_CONDEMNED = 20;
const NOTHING: PluginRecord = { versions: [], condemned: [], isPinned: false };

/** What the garden remembers of one plugin, across restarts: good versions, those that were rolled back, and the pin. */
export class PluginHistory {
  readonly #catalogue: Catalogue;
  readonly #id: string;
  #record: PluginRecord;

  constructor(catalogue: Catalogue, id: string) {
    this.#catalogue = catalogue;
    this.#id = id;
    this.#record = catalogue.of(id) ?? NOTHING;
  }

  /** Versions that passed their trial, the one to run first. */
  get versions(): readonly GoodVersion[] {
    return this.#record.versions;
  }

  get newest(): GoodVersion | undefined {
    return this.#record.versions[0];
  }

  get isPinned(): boolean {
    return this.#record.isPinned;
  }

  /** Why this content is not loaded again, if that is so. */
  condemned(hash: string): CondemnedVersion | undefined {
    return this.#record.condemned.find((each) => each.hash === hash);
  }

  /**
   * What a content goes by. Another content under a version that is known already is marked: decisions and agents tell
   * the two apart. `others` are versions that other sources offer under this name.
   */
  labelOf(hash: string, { name, own }: Pick<GoodVersion, 'name' | 'own'>, others: readonly string[]): string {
    const { versions, condemned } = this.#record;
    const known = versions.find((each) => each.hash === hash);
    if (known !== undefined) return known.version;
    const isTaken =
      versions.some((each) => each.name === name && each.own === own) ||
      condemned.some((each) => each.version === own) ||
      others.includes(own);
    if (!isTaken) return own;
    return `${own}${own.includes('+') ? '.' : '+'}dev.${hash.slice(0, 8)}`;
  }

  /**
   * Makes a change that somebody asks for, and resolves with a way back when it is on disk. Rejects where the disk does not
   * take it: then nothing has changed.
   */
  async remember(change: () => void): Promise<() => void> {
    const before = this.#record;
    const undo = () => this.#keep(before);
    change();
    try {
      await this.#catalogue.written();
    } catch (error) {
      undo();
      throw error;
    }
    return undo;
  }

  /** This is the version to run from now on. */
  putFirst(version: GoodVersion): void {
    this.#keep({ versions: [version, ...this.#without(version)].slice(0, KEPT_VERSIONS) });
  }

  drop(version: GoodVersion): void {
    this.#keep({ versions: this.#without(version) });
  }

  condemn(version: GoodVersion, refused: RefusedVersion): void {
    const others = this.#record.condemned.filter(({ hash }) => hash !== version.hash);
    const condemned = [{ hash: version.hash, ...refused }, ...others];
    this.#keep({
      versions: this.#without(version),
      condemned: condemned.slice(0, KEPT_CONDEMNED),
      isPinned: false,
    });
  }

  pin(isPinned: boolean): void {
    this.#keep({ isPinned });
  }

  /** Nothing of it runs again; what was rolled back stays so. */
  forget(): void {
    this.#keep({ versions: [], isPinned: false });
  }

  #without({ hash }: GoodVersion): GoodVersion[] {
    return this.#record.versions.filter((each) => each.hash !== hash);
  }

  #keep(change: Partial<PluginRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#catalogue.keep(this.#id, this.#record);
  }
}
