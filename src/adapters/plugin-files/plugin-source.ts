import type { AgentSource } from '../../domain/agent/agent-host.ts';

/** Where the code of plugins lies as files. */
export type FileSource = Extract<AgentSource, 'folder' | 'palette'>;

/** A plugin as it lies there now. */
export interface FoundPlugin {
  /** Names it within its source: a file or folder, a package. */
  readonly plugin: string;
  readonly source: FileSource;
  /** A file, or the folder of a package. */
  readonly path: string;
  /** Where a package begins, where its package.json does not say so by `main`. */
  readonly entry?: string;
  /** A file that changes when an installer has finished with this package: while it works, nothing counts as a change. */
  readonly mark?: string;
}

/** Lists the plugins of one place; it notices nothing by itself. */
export interface PluginSource {
  readonly source: FileSource;
  find(): FoundPlugin[];
  /** Tells of a probable change at once, where that is cheap to know; call the answer to end that. */
  hint?(changed: () => void): () => void;
}

export const idOf = ({ source, plugin }: Pick<FoundPlugin, 'source' | 'plugin'>): string =>
  `${source}/${plugin}`;
