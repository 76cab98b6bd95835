import assert from 'node:assert/strict';
import { accepted, refused } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { base64, registerSensor, type TestSensor } from '../support/test-sensor.ts';

describe('REST: times of day (§4.4, §6.2)', () => {
  const HOUR_MS = 3_600_000;
  const DAY_MS = 24 * HOUR_MS;
  const ripe = useSharedRipe();
  let sensor: TestSensor;

  beforeEach(async () => {
    sensor = await registerSensor(ripe);
    await sensor.addAgent('a', 'TimeAgent');
  });

  const post = (dayTime: unknown, zone: string) => {
    const body = {
      '01_active': { Switch: true },
      '02_start_time': { DayTime: dayTime },
      '03_slider': { TimeSlider: [0, DAY_MS, HOUR_MS, 96] },
    };
    return sensor.agent('POST', `/${base64('a')}/config`, { body, headers: { 'X-TZ': zone } });
  };

  async function read(zone: string): Promise<number> {
    const config = await sensor.config('a', { 'X-TZ': zone });
    const [label, value] = config['02_start_time'] ?? ['', {}];
    assert.ok(label.includes(zone), `${label} names ${zone}`);
    return Number(value['DayTime']);
  }

  it('are set in the zone of X-TZ, and read in any other', async () => {
    const start = 7 * HOUR_MS + 30 * 60_000;
    accepted(await post(start, 'Europe/Berlin'));
    assert.equal(await read('Europe/Berlin'), start);
    for (const zone of ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati']) {
      const expected = start - offsetMs('Europe/Berlin') + offsetMs(zone);
      assert.equal(await read(zone), (expected + 2 * DAY_MS) % DAY_MS, zone);
    }
  });

  it('are UTC where the zone is missing or unknown (§2)', async () => {
    accepted(await post(6 * HOUR_MS, 'Mars/Olympus'));
    assert.equal(await read('UTC'), 6 * HOUR_MS);
    const [, value] = (await sensor.config('a'))['02_start_time'] ?? [];
    assert.deepEqual(value, { DayTime: 6 * HOUR_MS });
  });

  it('read back as 0 at midnight in a zone east of Greenwich (§6.2 FIX b)', async () => {
    for (const zone of ['Europe/Berlin', 'Asia/Tokyo', 'America/New_York']) {
      accepted(await post(0, zone));
      assert.equal(await read(zone), 0);
    }
    accepted(await post(DAY_MS - 1, 'Asia/Tokyo'));
    assert.equal(await read('Asia/Tokyo'), DAY_MS - 1);
  });

  it('are refused outside a day (§4.4 DEPENDS)', async () => {
    accepted(await post(HOUR_MS, 'UTC'));
    for (const time of [-1, DAY_MS, 1.5, '0', null, 1e300]) {
      refused(await post(time, 'UTC'), 400, '02_start_time');
    }
    assert.equal(await read('UTC'), HOUR_MS);
  });

  it('are shown as HH:MM of the zone in what is rendered (§6.2)', async () => {
    accepted(await post(7 * HOUR_MS, 'Asia/Tokyo'));
    await eventually(async () => {
      const [agent] = (await sensor.status({ 'X-TZ': 'Asia/Tokyo' })).agents;
      assert.match(agent?.ui.rendered ?? '', /07:00.*08:00/);
    });
    const [agent] = (await sensor.status({ 'X-TZ': 'Asia/Kathmandu' })).agents;
    assert.match(agent?.ui.rendered ?? '', /03:45.*04:45/);
  });
});

/** What a zone's clocks are ahead of UTC now. */
function offsetMs(zone: string): number {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    })
      .formatToParts(now)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return Date.UTC(2000 + year, month - 1, day, hour, minute) - now;
}
