import { createHash } from 'node:crypto';
import { fieldError } from '../../src/domain/errors.ts';
import type { WiredType } from '../../src/domain/wires/wired-type.ts';
import { integerField, textField } from '../shared/fields.ts';
import { parseSettingRows } from './setting-rows.ts';

export interface AgentInConfig {
  readonly garden: unknown;
  readonly type: WiredType;
}

const INT32 = 2_147_483_647;
const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const VERSION = /^\d+\.\d+\.\d+$/;
const LONGEST_ANSWER_S = 60;
const DEFAULT_ANSWER_S = 5;

export function parseAgentIn(def: Readonly<Record<string, unknown>>): AgentInConfig {
  const name = textField(def, 'agentName');
  if (name === undefined) throw fieldError('agentName', 'is missing');
  if (!NAME.test(name))
    throw fieldError('agentName', 'must be letters, digits, _ . - and begin with a letter');
  const declared = {
    name,
    neutral: integerField(def, 'neutral', -INT32 - 1, INT32) ?? 0,
    settings: parseSettingRows(def['settings']),
    answerWithinMs: (integerField(def, 'answerWithin', 1, LONGEST_ANSWER_S) ?? DEFAULT_ANSWER_S) * 1_000,
  };
  const version = textField(def, 'version') ?? '1.0.0';
  if (!VERSION.test(version)) throw fieldError('version', 'must be three numbers, e.g. 1.0.0');
  return { garden: def['garden'], type: { ...declared, version: `${version}+${digest(declared)}` } };
}

/** Another dialog is another version, also where nobody has counted it up: its settings have to reach the agents. */
function digest(declared: object): string {
  return createHash('sha256').update(JSON.stringify(declared)).digest('hex').slice(0, 8);
}
