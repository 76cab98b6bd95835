import type { Clock } from '../time/clock.ts';
import type { Log } from './ports.ts';

const PER_MINUTE = 20;
const MINUTE_MS = 60_000;

interface Window {
  readonly from: number;
  lines: number;
}

/** What is changed over REST, in the log: of each sensor so many lines a minute, since a client may change something at any rate. */
export class ChangeLog {
  readonly #log: Pick<Log, 'info'>;
  readonly #clock: Clock;
  /** In the order in which they began. */
  readonly #windows = new Map<number, Window>();

  constructor(log: Pick<Log, 'info'>, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  tell(sensor: number, line: string): void {
    this.#tell(sensor, `sensor ${sensor}`, line);
  }

  /** That a sensor has come or gone: all sensors share these lines, as there is no end to their ids. */
  tellOfSensors(line: string): void {
    this.#tell(0, 'sensors', line);
  }

  #tell(name: number, who: string, line: string): void {
    const window = this.#windowOf(name);
    window.lines += 1;
    if (window.lines <= PER_MINUTE) this.#log.info(line);
    else if (window.lines === PER_MINUTE + 1)
      this.#log.info(`${who}: what else changes within this minute is not logged`);
  }

  #windowOf(name: number): Window {
    const now = this.#clock.now();
    for (const [each, { from }] of this.#windows) {
      if (now >= from && now - from < MINUTE_MS) break;
      this.#windows.delete(each);
    }
    const window = this.#windows.get(name) ?? { from: now, lines: 0 };
    this.#windows.set(name, window);
    return window;
  }
}
