import type { AgentEvent } from '../../agent/agent-contract.ts';
import { textOf } from '../../errors.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import type { Asker } from '../lanes/asker.ts';
import type { RuntimePorts } from '../ports.ts';

const PATIENCE_MS = 2_000;

/**
 * Asks an agent for a client that waits for the decision to be on disk; but not for ever: wires may take their time, and
 * then decide when the client has its answer already.
 */
export async function askPatiently(
  { within, log, store }: RuntimePorts,
  lane: AgentLane,
  event: AgentEvent,
  asker: Asker,
): Promise<void> {
  const decided = lane.handle(event, asker);
  if (decided === undefined) return;
  const outcome = decided.then(
    () => ({ error: undefined }),
    (error: unknown) => ({ error }),
  );
  const early = await within(outcome, PATIENCE_MS).catch(() => null);
  if (early?.error !== undefined) throw early.error;
  if (early !== null) return;
  void outcome.then(({ error }) => {
    if (error !== undefined) log.error(`${lane.name}: ${textOf(error)}`);
  });
  // Was it the disk that took so long, it is waited for.
  await store.commit();
}
