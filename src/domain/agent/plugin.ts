import type { AgentSource } from './agent-host.ts';

/** `well`: it runs as it lies there. `behind`: an earlier version runs than lies there. `failed`: nothing of it runs. */
export type PluginHealth = 'well' | 'behind' | 'failed';

/** A version that was not taken, or was taken out of service. */
export interface RefusedVersion {
  readonly version: string | null;
  readonly reason: string;
  /** ms UTC */
  readonly at: number;
}

/** The reason of a person who rolls a version back. */
export const BY_REQUEST = 'rolled back by request';

/** How one plugin stands. */
export interface PluginInfo {
  /** What brings it: a file or folder name, a palette package, a node. */
  readonly plugin: string;
  readonly source: AgentSource;
  /** The agent type; null where it could not be read yet. */
  readonly name: string | null;
  /** The version that runs; null where none does. */
  readonly version: string | null;
  readonly health: PluginHealth;
  /** Its agents ask this one; false while another source's plugin of the same name supersedes it. */
  readonly isInService: boolean;
  readonly isPinned: boolean;
  /** The version that a rollback leads to. */
  readonly lastGood: string | null;
  readonly refused: RefusedVersion | null;
}

export type PluginEventKind =
  | 'loaded'
  | 'updated'
  | 'failed'
  | 'retired'
  | 'rolledBack'
  | 'pinned'
  | 'unpinned';

/** What has happened to a plugin; `plugin/<kind>` on the wire. */
export interface PluginEvent {
  readonly kind: PluginEventKind;
  /** The agent type, or what brings it where that could not be read. */
  readonly name: string;
  /** The version that this is about: the one loaded, refused, retired or rolled back to. */
  readonly version: string | null;
  readonly plugin: string;
  readonly source: AgentSource;
  /** The version that ran before. */
  readonly former?: string;
  readonly reason?: string;
}

/** What a person may ask of the plugins of a garden. Each throws a RipeError that says why not. */
export interface PluginControl {
  list(): PluginInfo[];
  /** Looks at every source now; resolves when what was found is in service or refused. */
  rescan(): Promise<void>;
  /** Keeps the version that runs, or the named earlier one, whatever comes, until it is unpinned. */
  pin(name: string, version?: string): Promise<void>;
  unpin(name: string): Promise<void>;
  /** Takes the running version out of service; its content is not loaded again. Running jobs keep their plan. */
  rollBack(name: string): Promise<void>;
}
