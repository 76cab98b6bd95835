import type { Scenario } from '../scenario.ts';
import { broker } from './broker.ts';
import { brokers } from './brokers.ts';
import { clock } from './clock.ts';
import { database } from './database.ts';
import { diskPages, diskTmpfs } from './disk.ts';
import { kill, killAck, killEmbedded, killOrder, killPostgres } from './kill.ts';

/** In the order in which they are run, and stand in the table. */
export const scenarios: readonly Scenario[] = [
  killEmbedded,
  kill,
  killAck,
  killPostgres,
  killOrder,
  broker,
  brokers,
  database,
  diskPages,
  diskTmpfs,
  clock,
];
