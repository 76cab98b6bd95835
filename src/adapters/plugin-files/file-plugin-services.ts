import type { Clock } from '../../domain/time/clock.ts';
import type { AgentRegistry } from '../agents/agent-registry.ts';
import type { PluginDesk } from '../agents/plugin-desk.ts';
import type { HostingOptions } from '../agents/worker/worker-host.ts';
import type { Catalogue } from './catalogue.ts';
import type { StagingArea } from './staging-area.ts';
import type { Turnstile } from './turnstile.ts';

/** What all plugins of a garden's files share. */
export interface FilePluginServices {
  readonly desk: PluginDesk;
  readonly registry: AgentRegistry;
  readonly catalogue: Catalogue;
  readonly staging: StagingArea;
  readonly clock: Clock;
  /** Trials cost a processor each. */
  readonly turnstile: Turnstile;
  readonly hosting: HostingOptions;
  /** A plugin has written a line to its console. */
  onLog(plugin: string, line: string): void;
}
