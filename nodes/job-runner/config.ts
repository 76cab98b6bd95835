import path from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { fieldError } from '../../src/domain/errors.ts';
import type { Plan } from '../../src/domain/job/plan.ts';
import type { Capacities } from '../../src/domain/runner/supplies.ts';
import { parseSupplies } from '../../src/domain/runner/supply-list.ts';
import { choiceField, textField } from '../shared/fields.ts';
import { dataDirectory } from '../shared/settings.ts';

export interface JobRunnerConfig {
  readonly garden: unknown;
  /** Where a runner keeps its jobs that works alone. */
  readonly file: string;
  /** The supplies of one that works alone; a garden has its own. */
  readonly supplies: Capacities;
  /** How long a run is that a plain message starts, in ms; null: plain messages start nothing. */
  readonly durationMs: number | null;
  readonly rule: NonNullable<Plan['rule']>;
  /** What output 1 sends of a step: the whole of it, or only what an actuator wants to know. */
  readonly sends: 'step' | 'payload';
  readonly on: unknown;
  readonly off: unknown;
}

type Def = Readonly<Record<string, unknown>>;

const RULES = ['finish', 'resume', 'close'] as const;
const SENDS = ['step', 'payload'] as const;
const LONGEST_SECONDS = 31_536_000;

export function parseJobRunner(def: Def, RED: NodeAPI, node: Node): JobRunnerConfig {
  return {
    garden: def['garden'],
    file: path.join(dataDirectory(RED), `ripe-jobs-${node.id}.db`),
    supplies: parseSupplies('supplies', textField(def, 'supplies') ?? ''),
    durationMs: durationOf(def['duration']),
    rule: choiceField(def, 'rule', RULES) ?? 'finish',
    sends: choiceField(def, 'sends', SENDS) ?? 'step',
    on: payloadOf('on', def['on'] ?? '1', def['onType'] ?? 'num'),
    off: payloadOf('off', def['off'] ?? '0', def['offType'] ?? 'num'),
  };
}

function durationOf(seconds: unknown): number | null {
  if (seconds === undefined || seconds === null || seconds === '') return null;
  const number = Number(seconds);
  if (number > 0 && number <= LONGEST_SECONDS) return Math.round(number * 1000);
  throw fieldError('duration', `must be more than 0 and at most ${LONGEST_SECONDS} seconds`);
}

/** A value of the editor's typed input. */
function payloadOf(field: string, value: unknown, type: unknown): unknown {
  const text = String(value);
  switch (type) {
    case 'str':
      return text;
    case 'bool':
      return text === 'true';
    case 'num':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
      throw fieldError(field, 'must be a number');
    case 'json':
      return jsonOf(field, text);
    default:
      throw fieldError(field, 'must be a text, a number, true or false, or JSON');
  }
}

function jsonOf(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fieldError(field, 'must be JSON');
  }
}
