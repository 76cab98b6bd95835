import type { AgentSource } from '../../domain/agent-host.ts';
import type { ErrorCode, ErrorParams } from '../../domain/errors.ts';
import type { TriedAgentType } from './canary.ts';

/** A plugin to be tried in the process for trials. */
export interface TrialRequest {
  readonly file: string;
  readonly source: AgentSource;
  readonly options: { readonly plugin: string; readonly deadlineMs?: number };
}

/** How the trial went; an error crosses over to RIPE's process in its parts. */
export type TrialAnswer =
  | { readonly tried: TriedAgentType }
  | { readonly code: ErrorCode; readonly params: ErrorParams; readonly message?: string }
  | { readonly fault: string };
