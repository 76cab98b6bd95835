import Type from 'typebox';
import { METRIC_UNITS, METRICS, type Metric } from '../../reading/reading.ts';
import { date } from './parts.ts';

const INTEGERS: ReadonlySet<Metric> = new Set(['carbon', 'conductivity', 'light']);

function measured(metric: Metric) {
  const description = `${metric} in ${METRIC_UNITS[metric]}; null: not measured`;
  const value = INTEGERS.has(metric) ? Type.Integer() : Type.Number();
  return Type.Union([value, Type.Null()], { description });
}

export const DataRowAnswer = Type.Object(
  {
    timestamp: date('Of the first reading that the row holds'),
    ...Object.fromEntries(METRICS.map((metric) => [metric, measured(metric)])),
  },
  { description: 'A 30-minute row: the readings of half an hour, folded into one' },
);

/** A reading as it came: `resolution=raw`. */
export const ReadingAnswer = Type.Object(
  {
    ...DataRowAnswer.properties,
    timestamp: date('When it was measured, or came'),
    extra: Type.Record(Type.String(), Type.Number(), { description: 'Further metrics' }),
    offsets: Type.Record(Type.String(), Type.Number(), {
      description: 'What calibration has added to each metric: the sensor itself has said so much less',
    }),
  },
  { description: 'One reading, as it came' },
);

function spread(metric: Metric) {
  const description = `${metric} in ${METRIC_UNITS[metric]}; null: not measured`;
  const values = { min: Type.Number(), mean: Type.Number(), max: Type.Number() };
  return Type.Union([Type.Object(values), Type.Null()], { description });
}

/** `resolution` 5m, 1h or 1d. */
export const BucketAnswer = Type.Object(
  {
    timestamp: date('When the five minutes, the hour or the day begin'),
    count: Type.Integer({ description: 'Of how many readings (5m) or 30-minute rows (1h, 1d) it is made' }),
    ...Object.fromEntries(METRICS.map((metric) => [metric, spread(metric)])),
  },
  { description: 'Least, mean and most of what was measured in five minutes, an hour or a day' },
);

export const DataRows = Type.Union([
  Type.Array(DataRowAnswer),
  Type.Array(ReadingAnswer),
  Type.Array(BucketAnswer),
]);

export const LogLines = Type.Array(Type.String({ examples: ['[Jul  5 08:09:10 2024] pump on'] }));
