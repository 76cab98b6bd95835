import type { PluginCode } from '../agents/worker/worker.ts';
import type { HostingOptions } from '../agents/worker/worker-host.ts';

/** The staged copy of a version, and how plugins of this garden are run. */
export interface KeptCode {
  readonly code: PluginCode;
  readonly hosting: HostingOptions & { readonly plugin: string };
}
