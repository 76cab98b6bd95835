import path from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import type { Registration } from '../../src/domain/rest/parse-request.ts';
import { choiceField, integerField, textField } from '../shared/fields.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';

export interface GardenConfig {
  readonly file: string;
  readonly registration: Registration;
  readonly adminToken: string | null;
  readonly logLines: number;
  readonly externalHost: string | null;
}

export const REGISTRATIONS = ['open', 'token', 'closed'] as const;
const DEFAULT_LOG_LINES = 124;

/** What the dialog says, then what the settings say, then the default. */
export function parseGarden(def: Readonly<Record<string, unknown>>, RED: NodeAPI, node: Node): GardenConfig {
  const settings = ripeSettings(RED);
  const registration =
    choiceField(def, 'registration', REGISTRATIONS) ??
    choiceField({ ...settings }, 'registration', REGISTRATIONS);
  const { adminToken } = (node.credentials ?? {}) as { adminToken?: string };
  return {
    file: path.resolve(dataDirectory(RED), textField(def, 'file') ?? 'ripe.db'),
    registration: registration ?? 'open',
    adminToken: adminToken || settings.adminToken || null,
    logLines: integerField(def, 'logLines', 1, 10_000) ?? settings.logLines ?? DEFAULT_LOG_LINES,
    externalHost: textField(def, 'externalHost') ?? settings.externalHost ?? null,
  };
}
