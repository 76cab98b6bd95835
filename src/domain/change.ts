import type { SensorCommand } from './command/sensor-command.ts';
import type { JobRecord } from './job/job.ts';
import type { Offsets } from './reading/calibration.ts';
import type { Reading } from './reading/reading.ts';
import type { DataRow } from './reading/row.ts';
import type { AgentRecord, CommandRecord, DecisionRecord, LogLine, SensorRecord } from './store.ts';

/** One change of the garden. Changes are committed in the order in which they were written. */
export type Change =
  | { readonly type: 'sensorAdded'; readonly sensor: SensorRecord }
  /** Gives a sensor another key; the former one works until then (ms UTC), earlier ones no longer than `at`. */
  | {
      readonly type: 'keyChanged';
      readonly sensor: number;
      readonly key: string;
      readonly at: number;
      readonly former: string;
      readonly until: number;
    }
  /** Nothing is left at the brokers under a former key. */
  | { readonly type: 'formerKeyGone'; readonly sensor: number; readonly key: string }
  | {
      readonly type: 'sensorChanged';
      readonly sensor: number;
      readonly name: string;
      readonly offsets: Offsets;
    }
  /** Deletes the sensor and everything that belongs to it. */
  | { readonly type: 'sensorRemoved'; readonly sensor: number }
  | { readonly type: 'agentSaved'; readonly agent: AgentRecord }
  | { readonly type: 'agentRemoved'; readonly sensor: number; readonly domain: string }
  /** Inserts or replaces the row of that sensor and timestamp. */
  | { readonly type: 'rowSaved'; readonly sensor: number; readonly row: DataRow }
  | { readonly type: 'readingAdded'; readonly sensor: number; readonly reading: Reading }
  | { readonly type: 'logAdded'; readonly line: LogLine }
  | { readonly type: 'commandAdded'; readonly command: CommandRecord }
  | { readonly type: 'decisionAdded'; readonly decision: DecisionRecord }
  /** Inserts or replaces the job of that id. */
  | { readonly type: 'jobSaved'; readonly job: JobRecord }
  /** Inserts the command or replaces it; of each sensor the newest KEPT_COMMANDS are kept. */
  | { readonly type: 'commandSaved'; readonly sensor: number; readonly command: SensorCommand }
  /** A retained vector that is still to be deleted at the broker: of a sensor that has no agents any more. */
  | { readonly type: 'clearOwed'; readonly sensor: number; readonly key: string }
  | { readonly type: 'clearDone'; readonly sensor: number }
  /** The garden has (re)started or changed its broker. A lower epoch than the present one changes nothing. */
  | { readonly type: 'epochRaised'; readonly epoch: number };
