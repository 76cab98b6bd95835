import path from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { KEEP_DAYS, type KeepDays } from '../../src/adapters/store/retention.ts';
import type { SqliteBounds } from '../../src/adapters/store/sqlite/connect.ts';
import { MOST_SENSORS } from '../../src/adapters/wall/admission.ts';
import type { HttpLimits } from '../../src/domain/broker/client-limits.ts';
import type { HomeAssistantSettings } from '../../src/domain/home-assistant/settings.ts';
import type { OwnLimits } from '../../src/domain/job/limits.ts';
import type { Registration } from '../../src/domain/rest/parse-request.ts';
import type { Capacities } from '../../src/domain/runner/supplies.ts';
import { parseSupplies } from '../../src/domain/runner/supply-list.ts';
import { choiceField, integerField, textField } from '../shared/fields.ts';
import { dataDirectory, type RipeSettings, ripeSettings } from '../shared/settings.ts';
import { httpLimits } from '../shared/wall-settings.ts';
import { parseHomeAssistant } from './home-assistant.ts';

export interface GardenConfig {
  readonly file: string;
  readonly databaseUrl: string | null;
  readonly keepDays: KeepDays;
  readonly tickMs: number;
  readonly sqlite?: SqliteBounds;
  readonly registration: Registration;
  readonly adminToken: string | null;
  readonly metricsToken: string | null;
  readonly logLines: number;
  readonly externalHost: string | null;
  readonly limits: OwnLimits;
  readonly supplies: Capacities;
  readonly homeAssistant: HomeAssistantSettings | null;
  readonly httpLimits: HttpLimits;
  readonly mostSensors: number;
}

const REGISTRATIONS = ['open', 'token', 'closed'] as const;
const DEFAULT_LOG_LINES = 124;
const DEFAULT_COMMIT_MS = 50;
const MOST_DAYS = 36_500;

/** What the dialog says, then what the settings say, then the default. */
export function parseGarden(def: Readonly<Record<string, unknown>>, RED: NodeAPI, node: Node): GardenConfig {
  const settings = ripeSettings(RED);
  const registration =
    choiceField(def, 'registration', REGISTRATIONS) ??
    choiceField({ ...settings }, 'registration', REGISTRATIONS);
  const { adminToken } = (node.credentials ?? {}) as { adminToken?: string };
  const file = textField(def, 'file');
  return {
    file: path.resolve(dataDirectory(RED), file ?? 'ripe.db'),
    databaseUrl: file === undefined ? (settings.databaseUrl ?? null) : null,
    keepDays: {
      raw: integerField(def, 'rawDays', 0, MOST_DAYS) ?? settings.rawDays ?? KEEP_DAYS.raw,
      rows: integerField(def, 'rowDays', 0, MOST_DAYS) ?? settings.rowDays ?? KEEP_DAYS.rows,
      history: integerField(def, 'historyDays', 0, MOST_DAYS) ?? settings.historyDays ?? KEEP_DAYS.history,
    },
    tickMs: integerField(def, 'commitMs', 1, 60_000) ?? settings.commitMs ?? DEFAULT_COMMIT_MS,
    ...(settings.sqlite === undefined ? {} : { sqlite: settings.sqlite }),
    registration: registration ?? 'open',
    adminToken: adminToken || settings.adminToken || null,
    metricsToken: settings.metricsToken || null,
    logLines: integerField(def, 'logLines', 1, 10_000) ?? settings.logLines ?? DEFAULT_LOG_LINES,
    externalHost: textField(def, 'externalHost') ?? settings.externalHost ?? null,
    limits: limitsIn(def, settings),
    supplies: parseSupplies('supplies', textField(def, 'supplies') ?? settings.supplies ?? ''),
    homeAssistant: parseHomeAssistant(def, settings, node),
    httpLimits: httpLimits(RED),
    mostSensors: settings.mostSensors ?? MOST_SENSORS,
  };
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Nobody can loosen what the settings say: the tighter of both counts. */
function limitsIn(def: Readonly<Record<string, unknown>>, settings: RipeSettings): OwnLimits {
  const longest = least(integerField(def, 'longestRun', 1, DAY_MINUTES), settings.longestRun);
  const budget = least(integerField(def, 'dailyBudget', 0, DAY_MINUTES), settings.dailyBudget);
  return {
    ...(longest === undefined ? {} : { longestRunMs: longest * MINUTE_MS }),
    ...(budget === undefined ? {} : { dailyBudgetMs: budget * MINUTE_MS }),
  };
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  const known = [one, other].filter((minutes) => minutes !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
