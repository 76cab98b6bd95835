import fc from 'fast-check';
import type { Change } from '../../src/domain/change.ts';
import { make } from './changes.ts';

const sensor = fc.integer({ min: 1, max: 3 });
const domain = fc.constantFrom('01_Water', '02_Light');
const small = fc.integer({ min: 0, max: 4 });
const status = fc.constantFrom('planned' as const, 'running' as const, 'ended' as const);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ type: fc.constant('sensorRemoved' as const), sensor }),
  fc.tuple(sensor, domain, small).map(([sensor, domain, value]) => ({
    type: 'agentSaved' as const,
    agent: make.agent({ sensor, domain, value }),
  })),
  fc.record({ type: fc.constant('agentRemoved' as const), sensor, domain }),
  fc
    .tuple(sensor, small, small)
    .map(([sensor, at, light]) => ({ type: 'rowSaved' as const, sensor, row: make.row(at, { light }) })),
  fc.tuple(sensor, small, small).map(([sensor, slot, sequence]) => ({
    type: 'logAdded' as const,
    line: make.line(sequence, { sensor, slot }),
  })),
  fc
    .tuple(sensor, small)
    .map(([sensor, at]) => ({ type: 'commandAdded' as const, command: make.command(at, { sensor }) })),
  fc.tuple(sensor, small, status).map(([sensor, id, status]) => ({
    type: 'jobSaved' as const,
    job: make.job(`job ${sensor} ${id}`, { sensor, status }),
  })),
  fc.tuple(sensor, small).map(([sensor, ordinal]) => ({
    type: 'commandSaved' as const,
    sensor,
    command: make.sensorCommand(ordinal),
  })),
  fc.record({ type: fc.constant('clearOwed' as const), sensor, key: fc.constantFrom('a', 'b') }),
  fc.record({ type: fc.constant('clearDone' as const), sensor }),
  fc.record({
    type: fc.constant('keyChanged' as const),
    sensor,
    key: fc.constantFrom('a', 'b'),
    at: small,
    former: fc.constantFrom('a', 'b'),
    until: small,
  }),
  fc.record({ type: fc.constant('formerKeyGone' as const), sensor, key: fc.constantFrom('a', 'b') }),
  fc.record({ type: fc.constant('epochRaised' as const), epoch: small }),
);

/** Any changes of three sensors, which are added first. */
export const anyChanges: fc.Arbitrary<readonly Change[]> = fc
  .array(change, { maxLength: 40 })
  .map((changes) => [
    ...[1, 2, 3].map((id) => ({ type: 'sensorAdded' as const, sensor: make.sensor(id) })),
    ...changes,
  ]);
