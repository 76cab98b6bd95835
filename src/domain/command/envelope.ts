import type { Because } from '../agent/agent-contract.ts';
import type { SensorCommand } from './sensor-command.ts';

/** What one agent's actuator is to do, and until when at most. */
export interface EnvelopeAgent {
  readonly domain: string;
  readonly value: number;
  /** The value that is safe. */
  readonly neutral: number;
  /** When the device has to go neutral by itself, ms UTC; null only where `value` is neutral. */
  readonly until: number | null;
  /** The same as ms from `at`: for devices without a clock, which count from the moment of receipt. */
  readonly remainingMs: number | null;
  /** Why, as the agent has said last. */
  readonly because: Because | null;
}

/** What a device is to do: on `sensor/envelope/<id>/<key>`, beside the command vector. */
export interface Envelope {
  readonly version: 1;
  /** Of the command. An envelope that says the same again, with a later `at`, has the same id. */
  readonly id: string;
  /** Higher with every start of RIPE and every switch of its broker: a device refuses what is of an earlier one. */
  readonly epoch: number;
  /** Higher with every envelope of an epoch; they may overtake each other on the way. */
  readonly sequence: number;
  /** When it was written, ms UTC. */
  readonly at: number;
  /** In the order of the command vector. */
  readonly agents: readonly EnvelopeAgent[];
}

export function envelopeOf(
  { id, agents }: SensorCommand,
  { epoch, sequence, at }: Pick<Envelope, 'epoch' | 'sequence' | 'at'>,
): Envelope {
  return {
    version: 1,
    id,
    epoch,
    sequence,
    at,
    agents: agents.map(({ domain, value, neutral, until, because }) => {
      const remainingMs = until === null ? null : Math.max(0, until - at);
      return { domain, value, neutral, until, remainingMs, because };
    }),
  };
}
