import { fieldError } from '../../src/domain/errors.ts';
import type { ForceOrder } from '../../src/domain/job/force.ts';
import type { OneSensor } from '../../src/domain/sensor/sensor-choice.ts';
import { choiceField, textField } from '../shared/fields.ts';
import { namedSensors, oneSensor } from '../shared/sensor-field.ts';

/** A value of the editor's typed input: where it comes from, and what there. */
export interface TypedValue {
  readonly value: string;
  readonly type: string;
}

export interface ForceConfig {
  readonly garden: unknown;
  /** null: the message says it. */
  readonly sensor: OneSensor | null;
  /** undefined: the message says it. */
  readonly domain: string | undefined;
  readonly action: ForceOrder['action'];
  /** Seconds. */
  readonly duration: TypedValue;
  readonly value: TypedValue;
}

type Def = Readonly<Record<string, unknown>>;

export const ACTIONS = ['run', 'hold', 'stop'] as const;
const CHOICES = ['message', 'one', 'named'] as const;
const SOURCES = ['num', 'msg', 'flow', 'global', 'env', 'jsonata'];

export function parseForce(def: Def): ForceConfig {
  return {
    garden: def['garden'],
    sensor: sensorOf(def),
    domain: textField(def, 'domain'),
    action: choiceField(def, 'action', ACTIONS) ?? 'run',
    duration: typedValue('duration', def['duration'] ?? '60', def['durationType'] ?? 'num'),
    value: typedValue('value', def['value'] ?? 'payload', def['valueType'] ?? 'msg'),
  };
}

function sensorOf(def: Def): ForceConfig['sensor'] {
  switch (choiceField(def, 'of', CHOICES) ?? 'message') {
    case 'one':
      return oneSensor(def);
    case 'named':
      return namedSensors(def);
    default:
      return null;
  }
}

function typedValue(field: string, value: unknown, type: unknown): TypedValue {
  if (typeof type !== 'string' || !SOURCES.includes(type)) {
    throw fieldError(field, 'must be a number, or where it is to be found');
  }
  return { value: String(value), type };
}
