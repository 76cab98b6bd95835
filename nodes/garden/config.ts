import path from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import type { Registration } from '../../src/domain/rest/parse-request.ts';
import { choiceField, integerField, textField } from '../shared/fields.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';

export interface GardenConfig {
  readonly file: string;
  readonly databaseUrl: string | null;
  readonly rawDays: number;
  readonly registration: Registration;
  readonly adminToken: string | null;
  readonly logLines: number;
  readonly externalHost: string | null;
}

export const REGISTRATIONS = ['open', 'token', 'closed'] as const;
const DEFAULT_LOG_LINES = 124;
const DEFAULT_RAW_DAYS = 90;

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
    rawDays: settings.rawDays ?? DEFAULT_RAW_DAYS,
    registration: registration ?? 'open',
    adminToken: adminToken || settings.adminToken || null,
    logLines: integerField(def, 'logLines', 1, 10_000) ?? settings.logLines ?? DEFAULT_LOG_LINES,
    externalHost: textField(def, 'externalHost') ?? settings.externalHost ?? null,
  };
}
