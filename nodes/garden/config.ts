import path from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { KEEP_DAYS, type KeepDays } from '../../src/adapters/store/retention.ts';
import type { Registration } from '../../src/domain/rest/parse-request.ts';
import { choiceField, integerField, textField } from '../shared/fields.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';

export interface GardenConfig {
  readonly file: string;
  readonly databaseUrl: string | null;
  readonly keepDays: KeepDays;
  readonly tickMs: number;
  readonly registration: Registration;
  readonly adminToken: string | null;
  readonly logLines: number;
  readonly externalHost: string | null;
}

export const REGISTRATIONS = ['open', 'token', 'closed'] as const;
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
    registration: registration ?? 'open',
    adminToken: adminToken || settings.adminToken || null,
    logLines: integerField(def, 'logLines', 1, 10_000) ?? settings.logLines ?? DEFAULT_LOG_LINES,
    externalHost: textField(def, 'externalHost') ?? settings.externalHost ?? null,
  };
}
