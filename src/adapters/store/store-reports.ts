import type { Change } from '../../domain/change.ts';
import type { RipeError } from '../../domain/errors.ts';

/** What a store tells besides its answers. Each has a process warning where nobody listens. */
export interface StoreReports {
  /** A change can never be written, and is dropped. */
  readonly onPoison?: (error: unknown, change: Change) => void;
  /** Commits begin to fail; the changes are kept and tried again. */
  readonly onFailing?: (error: RipeError) => void;
  /** Something that a person should know of, as one line of text. */
  readonly onNotice?: (text: string) => void;
}

export function withWarnings(reports: StoreReports): Required<StoreReports> {
  const { onPoison = warnOfPoison, onFailing = warnOfFailing, onNotice = warn } = reports;
  return { onPoison, onFailing, onNotice };
}

function warn(text: string): void {
  process.emitWarning(text);
}

/** Names the kind of the change only: the rest may hold a key. */
function warnOfPoison(error: unknown, { type }: Change): void {
  warn(`A change (${type}) can never be stored and was dropped: ${String(error)}`);
}

function warnOfFailing(error: RipeError): void {
  warn(`${error.message}; trying again: ${String(error.cause)}`);
}
