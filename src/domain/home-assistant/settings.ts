/** How a garden shows itself to Home Assistant. */
export interface HomeAssistantSettings {
  /** The discovery prefix that Home Assistant listens to. */
  readonly prefix: string;
  /** How long a sensor may be silent until it counts as unavailable. */
  readonly silentMs: number;
  /** A login of its own at the embedded broker; null: none. */
  readonly account: { readonly username: string; readonly password: string } | null;
}
