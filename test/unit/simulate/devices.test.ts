import assert from 'node:assert/strict';
import { brokerText, connectOptions, usableBrokers } from '../../../scripts/simulate/brokers.ts';
import { eventText, shortText } from '../../../scripts/simulate/events.ts';
import { demoConfig } from '../../../scripts/simulate/registration.ts';
import type { Broker } from '../../../scripts/simulate/ripe-client.ts';
import { simulatedSeconds, simulatedTimeText, timingAt } from '../../../scripts/simulate/timing.ts';
import { createVectorReader } from '../../../scripts/simulate/vector-reader.ts';

function broker(scheme: string, host = 'pi'): Broker {
  return { scheme, host, port: 1883, credentials: { username: 'u', password: 'secret' } };
}

describe('timing of a simulation', () => {
  it('waters for 8 s and pauses for 5 s at 60 times real time', () => {
    assert.deepEqual(timingAt(60), {
      readingEveryMs: 1000,
      wateringMs: 8000,
      cooldownMs: 5000,
      wateringSimulatedSeconds: 480,
    });
  });

  it('never waters for 5 s or less, nor longer than the agent allows', () => {
    assert.ok(timingAt(600).wateringMs > 5000);
    assert.ok(timingAt(1).wateringMs <= 600_000);
  });

  it('starts at nine in the morning and counts days', () => {
    assert.equal(simulatedTimeText(simulatedSeconds(0, 60)), 'day 1 09:00');
    assert.equal(simulatedTimeText(simulatedSeconds(42_000, 60)), 'day 1 09:42');
    assert.equal(simulatedTimeText(simulatedSeconds(15 * 60_000, 60)), 'day 2 00:00');
  });
});

describe('configuration for a simulation', () => {
  it('keeps every key and variant, and changes the two times', () => {
    const config = demoConfig(
      {
        '01_active': ['Active', { Switch: true }],
        '02_min_threshold': ['Limit', { IntSlider: [0, 100, 20] }],
        '03_action_duration_ms': ['Duration', { TimeSlider: [0, 600_000, 60_000, 40] }],
        '04_action_cooldown_ms': ['Pause', { TimeSlider: [0, 3000, 3000, 60] }],
      },
      timingAt(60),
    );
    assert.deepEqual(config, {
      '01_active': { Switch: true },
      '02_min_threshold': { IntSlider: [0, 100, 20] },
      '03_action_duration_ms': { TimeSlider: [0, 600_000, 8000, 40] },
      '04_action_cooldown_ms': { TimeSlider: [0, 3000, 3000, 60] },
    });
  });
});

describe('broker of a simulated sensor', () => {
  it('is the first tcp one, else wss, and nothing else', () => {
    const items = [broker('ws'), broker('wss'), broker('tcp', 'a'), broker('tcp', 'b'), broker('mqtt')];
    assert.deepEqual(usableBrokers(items).map(brokerText), ['tcp://a:1883', 'tcp://b:1883', 'wss://pi:1883']);
    assert.deepEqual(usableBrokers([broker('mqtts')]), []);
  });

  it('gets the credentials that RIPE names, and a client id that every broker takes', () => {
    const options = connectOptions(broker('tcp'), 9_999_999);
    assert.equal(options.username, 'u');
    assert.equal(options.password, 'secret');
    assert.ok((options.clientId ?? '').length <= 23);
    assert.equal(connectOptions({ ...broker('tcp'), credentials: null }, 1).username, undefined);
  });

  it('may have a path in its host', () => {
    const { host, path, protocol } = connectOptions(broker('wss', 'garden.example/mqtt'), 1);
    assert.deepEqual([protocol, host, path], ['wss', 'garden.example', '/mqtt']);
  });
});

describe('command vector of a simulated sensor', () => {
  function reader(answers: string[][]) {
    const commands: number[] = [];
    const read = createVectorReader({
      domain: '01_Water',
      agents: [{ domain: '01_Water' }],
      askAgents: async () => (answers.shift() ?? []).map((domain) => ({ domain })),
      onCommand: (value) => commands.push(value),
    });
    return { commands, read };
  }

  it('is read without asking while its length is the expected one', async () => {
    const { commands, read } = reader([]);
    await read(Uint8Array.of(1));
    await read(Uint8Array.of(0));
    assert.deepEqual(commands, [1, 0]);
  });

  it('is read at the new place after somebody added an agent', async () => {
    const { commands, read } = reader([['00_Fan', '01_Water']]);
    await read(Uint8Array.of(50, 1));
    await read(Uint8Array.of(1, 0));
    assert.deepEqual(commands, [1, 0]);
  });

  it('means off when the agent is gone', async () => {
    const { commands, read } = reader([[]]);
    await read(new Uint8Array());
    assert.deepEqual(commands, [0]);
  });

  it('gives way to a newer one that came while it was asking', async () => {
    const { commands, read } = reader([['00_Fan', '01_Water']]);
    const older = read(Uint8Array.of(50, 1));
    await read(Uint8Array.of(0));
    await older;
    assert.deepEqual(commands, [0]);
  });
});

describe('texts of a simulation', () => {
  const who = { sensor: 1, name: 'Tomato 1' };

  it('name what happened', () => {
    assert.equal(eventText({ event: 'pump', ...who, on: true, moisture: 19 }), 'pump on at 19.0 %');
    assert.equal(
      eventText({ event: 'disconnected', ...who, reason: 'connection lost' }),
      'offline: connection lost',
    );
    assert.equal(
      eventText({ event: 'ended', seconds: 27.6, readings: 1, runs: 2, kept: true }),
      'ended after 28 s: 1 reading, 2 runs; the sensors stay in RIPE',
    );
  });

  it('are short where the table shows the rest', () => {
    assert.equal(shortText({ event: 'pump', ...who, on: false, moisture: 55 }), 'pump off');
    assert.equal(shortText({ event: 'connected', ...who, broker: 'tcp://pi:1883' }), 'online');
  });
});
