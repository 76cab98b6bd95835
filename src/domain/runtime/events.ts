import type { Because, Cut } from '../agent/agent-contract.ts';
import type { AgentCommand, CommandState } from '../command/sensor-command.ts';
import type { JobEvent, JobOwner } from '../job/job.ts';
import type { Offsets } from '../reading/calibration.ts';
import type { Reading } from '../reading/reading.ts';

/** What the job-runner tells of a job, and whose it is. */
export interface AgentJobEvent extends Omit<JobEvent, keyof JobOwner> {
  readonly sensor: number;
  readonly domain: string;
}

/** What the runtime tells the world on its fourth output; the topic is `sensor/<id>/<kind>`. */
export type RuntimeEvent =
  | { readonly kind: 'registered' | 'removed'; readonly sensor: number; readonly name: string }
  | { readonly kind: 'settings'; readonly sensor: number; readonly name: string; readonly offsets: Offsets }
  | { readonly kind: 'reading'; readonly sensor: number; readonly name: string; readonly reading: Reading }
  | { readonly kind: 'log'; readonly sensor: number; readonly at: number; readonly text: string }
  | { readonly kind: 'command'; readonly sensor: number; readonly values: Readonly<Record<string, number>> }
  /** A command is made, or has come further. */
  | {
      readonly kind: 'envelope';
      readonly sensor: number;
      readonly id: string;
      readonly epoch: number;
      readonly state: CommandState;
      readonly at: number;
      readonly agents: readonly AgentCommand[];
      readonly observed: Readonly<Record<string, number>> | null;
      readonly reason: string | null;
    }
  /** A job of an agent has come further; its end is told once, also where it came to nothing. */
  | ({ readonly kind: 'job' } & AgentJobEvent)
  | {
      readonly kind: 'agent';
      readonly sensor: number;
      readonly domain: string;
      readonly agentName: string;
      readonly change: 'added' | 'removed' | 'settings' | 'lockedOut' | 'released';
    }
  | {
      readonly kind: 'decision';
      readonly sensor: number;
      readonly domain: string;
      readonly agentName: string;
      readonly version: string;
      readonly event: string;
      readonly because: Because;
      readonly at: number;
      readonly value: number;
      readonly job: string | null;
      /** What a hard limit has taken from it. */
      readonly cut?: Cut;
    };

/** How a job of an agent stands. */
export type RuntimeJobEvent = Extract<RuntimeEvent, { kind: 'job' }>;
