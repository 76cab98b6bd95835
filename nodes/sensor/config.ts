import type { SensorChoice } from '../../src/domain/sensor/sensor-choice.ts';
import { choiceField, textField } from '../shared/fields.ts';
import { namedSensors, oneSensor } from '../shared/sensor-field.ts';

export interface SensorConfig {
  readonly garden: unknown;
  readonly choice: SensorChoice;
  /** What output 1 sends of a reading; undefined: all of it. */
  readonly metric: string | undefined;
  /** Only events of this agent; undefined: of all. */
  readonly domain: string | undefined;
  /** Only events of agents of this type; undefined: of all. */
  readonly agentName: string | undefined;
}

type Def = Readonly<Record<string, unknown>>;

const CHOICES = ['all', 'one', 'named'] as const;

export function parseSensor(def: Def): SensorConfig {
  return {
    garden: def['garden'],
    choice: choiceOf(def),
    metric: textField(def, 'metric'),
    domain: textField(def, 'domain'),
    agentName: textField(def, 'agentName'),
  };
}

function choiceOf(def: Def): SensorChoice {
  switch (choiceField(def, 'of', CHOICES) ?? 'all') {
    case 'one':
      return oneSensor(def);
    case 'named':
      return namedSensors(def);
    default:
      return { of: 'all' };
  }
}
