import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import time from '../../../plugins/time/time.ts';
import { momentOf } from '../../../plugins/time/wall-clock.ts';
import { AgentBench } from '../../../src/agent-testing.ts';
import { runs } from '../../support/runs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BERLIN = 'Europe/Berlin';

function agentAt(iso: string, start: string, hours: number, zone = BERLIN) {
  const settings = { start: { ms: dayMs(start), zone }, durationMs: hours * HOUR };
  return new AgentBench(time, { now: Date.parse(iso), settings }).start();
}

function dayMs(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * HOUR + minutes * MINUTE;
}

function endOf(agent: AgentBench<unknown, object>): string | null {
  return agent.job === null ? null : new Date(agent.job.endsAt).toISOString();
}

describe('TimeAgent when the clock changes', () => {
  it('ends 20:00 for 12 h at 08:00 after a night of 11 h and of 13 h', () => {
    assert.equal(endOf(agentAt('2026-03-28T20:00:00Z', '20:00', 12)), '2026-03-29T06:00:00.000Z');
    assert.equal(endOf(agentAt('2026-10-24T20:00:00Z', '20:00', 12)), '2026-10-25T07:00:00.000Z');
  });

  it('keeps its time of day in summer and winter (protocol §6.2)', () => {
    const agent = agentAt('2026-01-01T00:00:00Z', '20:00', 2);
    const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: BERLIN, timeStyle: 'medium' });
    agent.pass(365 * DAY);
    const times = new Set(agent.sent.map((sent) => berlin.format(sent.at)));
    assert.deepEqual([...times], ['20:00:01', '22:00:00']);
    assert.equal(agent.sent.length, 2 * 365);
    assert.equal(agent.wakes, 365);
  });

  it('opens after the gap what would start within it', () => {
    const agent = agentAt('2026-03-29T00:30:00Z', '02:30', 3);
    assert.equal(agent.passTo(Date.parse('2026-03-29T01:30:00Z')).value, 0);
    assert.equal(agent.pass(1000).value, 1);
    assert.equal(endOf(agent), '2026-03-29T03:30:00.000Z');
  });

  it('leaves out the one window that a gap swallows, and opens the next day', () => {
    const agent = agentAt('2026-03-29T00:00:00Z', '02:30', 0.75);
    assert.equal(agent.pass(6 * HOUR).sent.length, 0);
    assert.equal(agent.pass(DAY).sent.length, 2);
  });

  it('opens once in an hour that comes twice', () => {
    const agent = agentAt('2026-10-24T22:00:00Z', '02:15', 0.5).pass(8 * HOUR);
    const times = agent.sent.map((sent) => new Date(sent.at).toISOString().slice(11, 19));
    assert.deepEqual(times, ['00:15:01', '00:45:00']);
  });

  it('is on through a window that is longer than a job may be', () => {
    const agent = agentAt('2026-10-24T18:00:01Z', '20:00', 23.75).passTo(Date.parse('2026-10-25T18:45:00Z'));
    assert.equal(agent.sent.length, 2);
    assert.equal(agent.sent[1]?.at, agent.now);
  });

  it('knows days without a midnight', () => {
    const agent = agentAt('2026-04-23T20:00:00Z', '00:30', 2, 'Africa/Cairo').pass(4 * HOUR);
    const times = agent.sent.map((sent) => new Date(sent.at).toISOString().slice(11, 19));
    assert.deepEqual(times, ['22:30:01', '23:30:00']);
  });

  it('takes a zone that nobody knows for UTC (protocol §2)', () => {
    assert.equal(
      endOf(agentAt('2026-06-01T21:00:00Z', '20:00', 2, 'Mars/Olympus')),
      '2026-06-01T22:00:00.000Z',
    );
  });

  it('is open exactly while a clock of the zone is between start and end', () => {
    const zones = fc.constantFrom(
      BERLIN,
      'America/St_Johns',
      'Pacific/Auckland',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'Asia/Kolkata',
    );
    const moments = fc.integer({ min: Date.UTC(2024, 0, 1) / MINUTE, max: Date.UTC(2030, 0, 1) / MINUTE });
    const quarters = fc.integer({ min: 0, max: 95 });
    fc.assert(
      fc.property(zones, moments, quarters, quarters, (zone, minute, start, duration) => {
        const now = minute * MINUTE + 30_000;
        // Around a change itself a window may begin or end where the clock jumps; the tests above say how.
        fc.pre(offsetAt(zone, now - 3 * HOUR) === offsetAt(zone, now + 3 * HOUR));
        const settings = { start: { ms: start * 15 * MINUTE, zone }, durationMs: duration * 15 * MINUTE };
        const agent = new AgentBench(time, { now, settings }).start();
        const local = (now + offsetAt(zone, now)) % DAY;
        const since = (local - settings.start.ms + DAY) % DAY;
        assert.equal(agent.value, since < settings.durationMs ? 1 : 0);
      }),
      { numRuns: runs(500) },
    );
  });
});

/** An oracle of its own: what Intl's clock shows, against UTC. */
function offsetAt(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at / 1000) * 1000;
}

describe('momentOf', () => {
  it('is the same with and without the remembered offset', () => {
    const day = Date.UTC(2026, 6, 1) / DAY;
    assert.equal(momentOf(BERLIN, day, 2 * HOUR), Date.parse('2026-07-01T00:00:00Z'));
    assert.equal(momentOf(BERLIN, day, 2 * HOUR), Date.parse('2026-07-01T00:00:00Z'));
    assert.equal(momentOf('UTC', day, 2 * HOUR), Date.parse('2026-07-01T02:00:00Z'));
  });
});
