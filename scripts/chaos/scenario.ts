import type { Random } from './support/random.ts';

/** What a scenario needs of the machine; `null`: it is there. */
export type Lack = string | null;

export interface ChaosContext {
  readonly random: Random;
  /** How many times RIPE is killed, where a scenario kills it; other troubles come `rounds` times. */
  readonly kills: number;
  readonly rounds: number;
  /** How many times a broker is killed or frozen, where there are two of them. */
  readonly brokerKills: number;
  /** Called when the scenario is over, also when it failed; the latest first. */
  readonly onEnd: (teardown: () => Promise<unknown> | unknown) => void;
  readonly progress: (text: string) => void;
}

/** What a scenario has seen. */
export interface ChaosResult {
  /** Of RIPE itself. */
  readonly kills: number;
  /** How many changes over REST were acknowledged, and what became of those that were not there afterwards. */
  readonly acknowledged: number;
  readonly lostChanges: readonly string[];
  /** Readings that the broker had taken; null where the broker itself was killed, which loses its own. */
  readonly readings: {
    readonly taken: number;
    readonly lost: number;
    readonly lostOutsideTick: number;
  } | null;
  /** Actuators' runs that were asked for, per kind of device. */
  readonly devices: readonly DeviceResult[];
  /** From the end of each trouble until a change was acknowledged again. */
  readonly recoveriesMs: readonly number[];
  /** Further promises that were not kept. */
  readonly broken: readonly string[];
}

export interface DeviceResult {
  readonly kind: 'legacy' | 'envelope';
  readonly runs: number;
  /** Past the deadline, and what is allowed beyond it, by more than LATE_MS. */
  readonly late: number;
  readonly longestOverrunMs: number;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Of `--kills`, the share that falls to it; 0: it makes another trouble. */
  readonly share: number;
  lacks(): Promise<Lack> | Lack;
  run(context: ChaosContext): Promise<ChaosResult>;
}

/** Between a deadline and what an independent client on a busy machine sees of it. */
export const LATE_MS = 1_000;
