import { HIGHEST_SENSOR_ID } from '../../src/domain/broker/topics.ts';
import { fieldError } from '../../src/domain/errors.ts';
import type { OneSensor } from '../../src/domain/sensor/sensor-choice.ts';
import { integerField, textField } from './fields.ts';

type Def = Readonly<Record<string, unknown>>;

/** The sensor of a dialog: by its id, or by its name, which may be a pattern. */
export function oneSensor(def: Def): OneSensor {
  const id = integerField(def, 'sensor', 1, HIGHEST_SENSOR_ID);
  if (id === undefined) throw fieldError('sensor', 'is missing');
  return { of: 'one', id };
}

export function namedSensors(def: Def): OneSensor {
  const pattern = textField(def, 'pattern');
  if (pattern === undefined) throw fieldError('pattern', 'is missing');
  return { of: 'named', pattern };
}
