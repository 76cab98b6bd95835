import type { Migration } from 'kysely/migration';
import { calibration } from './calibration.ts';
import { endedJobs } from './ended-jobs.ts';
import { epoch } from './epoch.ts';
import { firstSchema } from './first-schema.ts';
import { formerKeys } from './former-keys.ts';
import { hardLimits } from './hard-limits.ts';
import { jobProgress } from './job-progress.ts';
import { jobsOfSensor } from './jobs-of-sensor.ts';
import type { SchemaFlavour } from './schema-flavour.ts';
import { sensorCommands } from './sensor-commands.ts';

/** Every migration of a garden's database, by name; they run in the order of their names. */
export function gardenMigrations(flavour: SchemaFlavour): Readonly<Record<string, Migration>> {
  return {
    '0001-first-schema': { up: firstSchema(flavour) },
    '0002-ended-jobs': { up: endedJobs },
    '0003-job-progress': { up: jobProgress },
    '0004-epoch': { up: epoch },
    '0005-hard-limits': { up: hardLimits },
    '0006-sensor-commands': { up: sensorCommands(flavour) },
    '0007-former-keys': { up: formerKeys(flavour) },
    '0008-jobs-of-sensor': { up: jobsOfSensor },
    '0009-calibration': { up: calibration },
  };
}
