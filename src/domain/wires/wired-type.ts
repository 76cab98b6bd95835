import type { AnyControls } from '../agent/settings-controls.ts';

/** An agent type as the dialog of ripe-agent-in declares it. */
export interface WiredType {
  /** What clients register. */
  readonly name: string;
  /** Tells one deployed dialog from the next. */
  readonly version: string;
  readonly neutral: number;
  readonly settings: AnyControls;
  readonly answerWithinMs: number;
}
