import assert from 'node:assert/strict';
import { accepted } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { publish } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

const LINE =
  /^\[((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?: \d|[1-3]\d) \d\d:\d\d:\d\d \d{4})\] (.*)$/s;
const KATHMANDU_MS = (5 * 60 + 45) * 60_000;

/** The time of a line as ms, as if its clock stood in Greenwich; and its text. */
function parse(line: string | undefined): [at: number, text: string] {
  const [, time, text = ''] = LINE.exec(line ?? '') ?? [];
  assert.ok(time, `a log line: ${line}`);
  return [Date.parse(`${time} UTC`), text];
}

describe('REST: the log of a sensor', () => {
  const ripe = useRipe({ env: () => ({ RIPE_LOG_LINES: '5' }) });

  async function say(sensor: TestSensor, text: string | Uint8Array): Promise<string> {
    const before = (await sensor.log()).at(-1);
    await publish(sensor.broker, sensor.topic('log'), text, 2);
    return eventually(async () => {
      const last = (await sensor.log()).at(-1);
      assert.notEqual(last, before);
      return parse(last)[1];
    });
  }

  it('has lines in the form of the original, in the zone of X-TZ (§3, §2)', async () => {
    const sensor = await registerSensor(ripe);
    await say(sensor, 'pump on');
    const [utc, text] = parse((await sensor.log())[0]);
    assert.equal(text, 'pump on');
    assert.ok(Math.abs(utc - Date.now()) < 5_000);
    const zones: [string, number][] = [
      ['Asia/Kathmandu', KATHMANDU_MS],
      ['UTC', 0],
      ['Mars/Olympus', 0],
      ['+02:00', 0],
      ['x'.repeat(5000), 0],
      ['Ümlaut', 0],
    ];
    for (const [zone, offsetMs] of zones) {
      const [local] = parse((await sensor.log({ 'X-TZ': zone }))[0]);
      assert.equal(local - utc, offsetMs, zone);
    }
  });

  it('keeps a ring of RIPE_LOG_LINES lines, the oldest first (§7.3)', async () => {
    const sensor = await registerSensor(ripe);
    assert.deepEqual(await sensor.log(), []);
    for (let number = 1; number <= 7; number++) await say(sensor, `line ${number}`);
    const texts = (await sensor.log()).map((line) => parse(line)[1]);
    assert.deepEqual(texts, ['line 3', 'line 4', 'line 5', 'line 6', 'line 7']);
  });

  it('is cut after 255 bytes, at a character (§7.3 FIX)', async () => {
    const sensor = await registerSensor(ripe);
    const cuts: [string, string][] = [
      [`${'a'.repeat(253)}üb`, `${'a'.repeat(253)}ü`],
      [`${'b'.repeat(254)}ü`, 'b'.repeat(254)],
      [`${'c'.repeat(252)}🌱`, 'c'.repeat(252)],
      ['d'.repeat(300), 'd'.repeat(255)],
      ['€'.repeat(100), '€'.repeat(85)],
    ];
    for (const [long, cut] of cuts) assert.equal(await say(sensor, long), cut);
  });

  it('escapes what is not ASCII, and drops what is not UTF-8 (§2.1 DEPENDS, §5.1)', async () => {
    const sensor = await registerSensor(ripe);
    await publish(sensor.broker, sensor.topic('log'), Buffer.from([0xff, 0xfe, 0x80]), 2);
    assert.equal(await say(sensor, 'Pumpe läuft 🌱'), 'Pumpe läuft 🌱');
    const answer = await sensor.sensor('GET', '/log');
    assert.equal(accepted<string[]>(answer).length, 1);
    assert.ok(answer.text.includes('l\\u00e4uft \\ud83c\\udf31'));
  });
});
