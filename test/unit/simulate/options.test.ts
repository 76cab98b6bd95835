import assert from 'node:assert/strict';
import { parseOptions, UsageError } from '../../../scripts/simulate/options.ts';

function parse(...args: string[]) {
  return parseOptions(args, {});
}

describe('options of the simulator', () => {
  it('has defaults for everything', () => {
    assert.deepEqual(parse(), {
      url: 'http://127.0.0.1:1880',
      sensors: 3,
      speed: 60,
      name: 'Simulated tomato',
      durationSeconds: null,
      isJson: false,
      isKept: false,
      isLegacy: false,
      isHelp: false,
    });
  });

  it('takes every option', () => {
    const options = parse(
      ...['--sensors', '12', '--speed', '7.5', '--url', 'https://ripe.example/base/', '--name', ' Gurke '],
      ...['--duration', '30', '--keep', '--legacy', '--json'],
    );
    assert.deepEqual(options, {
      url: 'https://ripe.example/base',
      sensors: 12,
      speed: 7.5,
      name: 'Gurke',
      durationSeconds: 30,
      isJson: true,
      isKept: true,
      isLegacy: true,
      isHelp: false,
    });
  });

  it('takes the port of the environment, unless an address is given', () => {
    assert.equal(parseOptions([], { PORT: '3000' }).url, 'http://127.0.0.1:3000');
    assert.equal(parseOptions(['--url', 'http://pi:80'], { PORT: 'x' }).url, 'http://pi');
    assert.throws(() => parseOptions([], { PORT: '70000' }), /^UsageError: PORT .* "70000"/);
  });

  it('gives help whatever else is wrong', () => {
    assert.equal(parseOptions(['--help', '--sensors', 'x'], { PORT: 'x' }).isHelp, true);
    assert.equal(parse('-h').isHelp, true);
  });

  const bad: [string[], RegExp][] = [
    [['--sensors', '0'], /^--sensors must be a whole number from 1 to 500, not "0"$/],
    [['--sensors', '2.5'], /^--sensors /],
    [['--sensors', '1e2'], /^--sensors /],
    [['--sensors'], /^--sensors needs a value$/],
    [['--speed', 'fast'], /^--speed must be a number from 1 to 600, not "fast"$/],
    [['--speed', '601'], /^--speed /],
    [['--duration', '-4'], /^--duration needs a value$/],
    [['--duration=-4'], /^--duration /],
    [['--url', 'localhost:1880'], /^--url /],
    [['--url', 'mqtt://127.0.0.1'], /^--url /],
    [['--name', ' '], /^--name /],
    [['--name', 'a\nb'], /^--name /],
    [['--keep=yes'], /^--keep does not take an argument$/],
    [['--colour'], /^Unknown option '--colour'$/],
    [['5'], /^Unexpected argument '5'$/],
  ];
  for (const [args, message] of bad) {
    it(`refuses ${JSON.stringify(args.join(' '))} and names the option`, () => {
      assert.throws(
        () => parse(...args),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
