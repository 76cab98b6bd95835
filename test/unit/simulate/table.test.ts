import assert from 'node:assert/strict';
import { choosePaint, overdraw, plainPaint } from '../../../scripts/simulate/display/ansi.ts';
import { type Picture, renderPicture, renderTable } from '../../../scripts/simulate/display/table.ts';
import { textWidth } from '../../../scripts/simulate/display/text-width.ts';
import type { VirtualSensor } from '../../../scripts/simulate/virtual-sensor.ts';

const NOW = 1_000_000;

function sensor(changes: Partial<VirtualSensor> & { moisture?: number } = {}): VirtualSensor {
  const { moisture = 50, ...rest } = changes;
  return {
    sensor: 1,
    name: 'Simulated tomato 1',
    soil: { moisturePercent: moisture, soilCelsius: 18.25, batteryPercent: 90, thirst: 1 },
    isOnline: true,
    pumpOnSince: null,
    runs: 0,
    nextReadingAt: 0,
    lastEvent: '09:00 online',
    ...rest,
  };
}

function picture(sensors: VirtualSensor[], changes: Partial<Picture> = {}): Picture {
  return {
    url: 'http://127.0.0.1:1880',
    speed: 60,
    simulatedSeconds: 9 * 3600 + 42 * 60,
    lightLux: 31_000,
    sensors,
    now: NOW,
    notice: '',
    ...changes,
  };
}

function table(sensors: VirtualSensor[], width: number, room = 50): string[] {
  return renderTable(picture(sensors), width, room, plainPaint);
}

/** The cell in which a text of the line starts. */
function cellOf(line: string, text: string): number {
  assert.ok(line.includes(text), `"${line}" holds "${text}"`);
  return textWidth(line.slice(0, line.indexOf(text)));
}

describe('table of the simulator', () => {
  it('shows every column of a default garden in 80 cells', () => {
    const [titles, line] = table([sensor({ pumpOnSince: NOW - 12_400, runs: 3, moisture: 23.4 })], 79);
    assert.equal(titles, 'Name                ID  Moisture %     °C    Lux  Pump     Runs  Last event');
    assert.equal(line, 'Simulated tomato 1   1   23.4 █····  18.3  31000  on 12s      3  09:00 online  ');
  });

  it('fills wider terminals with a longer bar and longer texts', () => {
    const [, line] = table([sensor({ lastEvent: '09:13 offline: no answer from tcp://host:1883' })], 150);
    assert.match(line ?? '', /█{8}·{8}/);
    assert.match(line ?? '', /tcp:\/\/host:1883$/);
  });

  it('keeps its columns in line with wide, combined and control characters in names', () => {
    const names = ['Tomate 1', '番茄 番茄 2', 'Gewa\u0308chshaus 3', '👩‍🌾 🍅 4', 'a\u001b[31m\nb 5'];
    const lines = table(
      names.map((name) => sensor({ name })),
      110,
    ).slice(1);
    const cells = lines.map((line) => cellOf(line, '09:00 online'));
    assert.deepEqual(new Set(cells).size, 1);
    assert.ok(lines.every((line) => !/\p{Control}/u.test(line)));
  });

  it('never is wider than asked, and keeps the number of a name that it cuts', () => {
    for (let width = 20; width <= 160; width++) {
      const lines = table(
        [sensor({ name: 'An 番茄 of an extraordinarily long name 17', sensor: 9_999_999 })],
        width,
      );
      for (const line of lines) assert.ok(textWidth(line) <= width, `${width}: ${line}`);
      assert.match(lines[1] ?? '', / 17\s/);
    }
  });

  it('leaves out what is least needed where there is no room', () => {
    const [titles] = table([sensor()], 45);
    assert.match(titles ?? '', /Name.*Moisture %.*Pump/);
    assert.doesNotMatch(titles ?? '', /Lux|Last event/);
  });

  it('says when a sensor is offline, and counts long runs in minutes', () => {
    assert.match(table([sensor({ isOnline: false })], 79)[1] ?? '', /offline/);
    assert.match(table([sensor({ pumpOnSince: NOW - 1_200_000 })], 79)[1] ?? '', /on 20m /);
  });

  it('counts the sensors that it has no room for', () => {
    const sensors = Array.from({ length: 10 }, (_, index) => sensor({ sensor: index + 1 }));
    assert.equal(table(sensors, 79, 4).at(-1), '… and 7 more');
    assert.equal(table(sensors, 79, 10).length, 11);
  });
});

describe('picture of the simulator', () => {
  it('has the simulated time and the address in its headline', () => {
    const lines = renderPicture(picture([sensor()]), { columns: 80, rows: 24 }, plainPaint);
    assert.equal(lines[0], 'RIPE simulated garden at http://127.0.0.1:1880');
    assert.equal(lines[1], 'day 1 09:42 (60× real time) · sun 31.0 klx · 1 of 1 online');
    assert.equal(lines.at(-1), 'Ctrl-C ends the simulation.');
  });

  it('fits the screen in both directions', () => {
    const sensors = Array.from({ length: 40 }, (_, index) => sensor({ sensor: index + 1 }));
    const lines = renderPicture(picture(sensors), { columns: 60, rows: 15 }, plainPaint);
    assert.ok(lines.length < 15);
    assert.ok(lines.every((line) => textWidth(line) < 60));
  });

  it('shows a notice in place of the advice, and the night', () => {
    const lines = renderPicture(
      picture([], { notice: 'ended', lightLux: 0 }),
      { columns: 80, rows: 24 },
      plainPaint,
    );
    assert.equal(lines.at(-1), 'ended');
    assert.match(lines[1] ?? '', /night · 0 of 0 online/);
  });
});

describe('colours of the simulator', () => {
  it('appear on a terminal only, and not where they are unwanted', () => {
    assert.equal(choosePaint(true, {})('x', 'red'), '\u001b[31mx\u001b[0m');
    assert.equal(choosePaint(true, {})('x', null), 'x');
    assert.equal(choosePaint(true, { NO_COLOR: '' })('x', 'red'), '\u001b[31mx\u001b[0m');
    assert.equal(choosePaint(true, { NO_COLOR: '1' })('x', 'red'), 'x');
    assert.equal(choosePaint(true, { TERM: 'dumb' })('x', 'red'), 'x');
    assert.equal(choosePaint(false, {})('x', 'red'), 'x');
  });

  it('add nothing to the table but themselves', () => {
    const sensors = [sensor({ pumpOnSince: NOW }), sensor({ isOnline: false, moisture: 10 })];
    const painted = renderTable(picture(sensors), 79, 9, choosePaint(true, {})).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the escape sequences that are taken away
    assert.equal(painted.replace(/\u001b\[\d+m/g, ''), table(sensors, 79, 9).join('\n'));
  });

  it('go over the lines drawn before', () => {
    assert.equal(overdraw(['a', 'b'], 0), '\ra\u001b[K\nb\u001b[K\n\u001b[J');
    assert.equal(overdraw(['a'], 2), '\u001b[2A\ra\u001b[K\n\u001b[J');
  });
});
