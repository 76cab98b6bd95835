import assert from 'node:assert/strict';
import { byNeed, SILENT_MS, warningsOf } from '../../../dashboard/ui/data/needs.ts';
import type { Agent, Sensor } from '../../../dashboard/ui/data/shapes.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const at = (agoMs: number) => new Date(NOW - agoMs).toISOString();

function sensor(parts: Partial<Sensor> & { moisture?: number; battery?: number } = {}): Sensor {
  const { moisture = 40, battery = 90, ...rest } = parts;
  const data = { timestamp: at(0), moisture, battery } as Sensor['data'];
  return { id: 1, name: 'Bed', last_seen: at(1_000), data, agents: [], dry_below: null, ...rest };
}

const agent = (parts: Partial<Agent> = {}): Agent => ({
  domain: '01_Water',
  agent_name: 'ThresholdAgent',
  ui: { decorator: {}, state: 'Ready', rendered: 'x' },
  value: 0,
  waiting: false,
  locked_out: false,
  parked: false,
  ...parts,
});

describe('What a sensor needs', () => {
  it('is nothing while all is well', () => {
    assert.deepEqual(warningsOf(sensor({ agents: [agent()] }), NOW), []);
  });

  it('is told with the most urgent first', () => {
    const poor = sensor({
      moisture: 10,
      battery: 5,
      last_seen: at(SILENT_MS + 1),
      dry_below: 20,
      agents: [agent({ locked_out: true }), agent({ parked: true })],
    });
    assert.deepEqual(warningsOf(poor, NOW), ['lockedOut', 'silent', 'parked', 'dry', 'lowBattery']);
  });

  it('is water below what its agent waters at, else below 15 %', () => {
    assert.deepEqual(warningsOf(sensor({ moisture: 24, dry_below: 25 }), NOW), ['dry']);
    assert.deepEqual(warningsOf(sensor({ moisture: 25, dry_below: 25 }), NOW), []);
    assert.deepEqual(warningsOf(sensor({ moisture: 14 }), NOW), ['dry']);
    assert.deepEqual(warningsOf(sensor({ moisture: 15 }), NOW), []);
  });

  it('tells one that never said anything from one that has gone silent', () => {
    assert.deepEqual(warningsOf(sensor({ last_seen: null, data: null }), NOW), ['new']);
    const restarted = sensor({ last_seen: null });
    assert.deepEqual(
      warningsOf({ ...restarted, data: { ...restarted.data, timestamp: at(SILENT_MS + 1) } as never }, NOW),
      ['silent'],
    );
  });

  it('puts those in need first, then those that run, then the others by name', () => {
    const running = agent({ ui: { decorator: {}, state: { Executing: at(-1_000) }, rendered: 'x' } });
    const sensors = [
      sensor({ id: 1, name: 'Bed 10' }),
      sensor({ id: 2, name: 'Bed 9' }),
      sensor({ id: 3, name: 'Dry', moisture: 3 }),
      sensor({ id: 4, name: 'Watered', agents: [running] }),
      sensor({ id: 5, name: 'Silent', last_seen: at(SILENT_MS * 2) }),
    ];
    assert.deepEqual(
      byNeed(sensors, NOW, 'en').map(({ id }) => id),
      [5, 3, 4, 2, 1],
    );
  });
});
