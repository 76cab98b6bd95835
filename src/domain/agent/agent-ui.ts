/** How an agent looks on a client (protocol §4.3). Dates are ms UTC here, and RFC 3339 on the wire. */
export type UiState =
  | 'Disabled'
  | 'Ready'
  | 'Error'
  | { readonly Executing: number }
  | { readonly Stopped: number }
  | { readonly Forced: number };

/**
 * Exactly one key. `TimePane`: step of the +/- buttons in seconds. `Slider`: lower, upper, value, with
 * lower <= value <= upper. Any other key is drawn as "not supported" by the app; text-only agents send `{ Text: null }`.
 */
export type Decorator =
  | { readonly TimePane: number }
  | { readonly Slider: readonly [lower: number, upper: number, value: number] }
  | { readonly Text: null };

export interface AgentUi {
  readonly decorator: Decorator;
  readonly state: UiState;
  /** Shown as it is; never empty. */
  readonly rendered: string;
}
