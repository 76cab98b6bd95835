import type { Clock, Timetable, TimetableFactory } from '../time/clock.ts';
import type { RunningJob } from './running-job.ts';

const BEAT_MS = 5_000;

interface HeartbeatPorts {
  readonly clock: Clock;
  readonly timetable: TimetableFactory;
  running(): Iterable<RunningJob>;
  save(job: RunningJob): void;
}

/** Notes every 5 s how far the jobs have come that are owed, after a crash, the time that remained. */
export class Heartbeat {
  readonly #ports: HeartbeatPorts;
  readonly #beats: Timetable<'beat'>;

  constructor(ports: HeartbeatPorts) {
    this.#ports = ports;
    this.#beats = ports.timetable(() => this.beat());
  }

  beat(): void {
    const now = this.#ports.clock.now();
    const owed = [...this.#ports.running()].filter(isOwed);
    for (const job of owed) {
      job.seen(now);
      this.#ports.save(job);
    }
    if (owed.length > 0) this.#beats.set('beat', now + BEAT_MS);
  }

  /** A job goes on. */
  follow(job: RunningJob): void {
    if (isOwed(job)) this.beat();
  }

  stop(): void {
    this.beat();
    this.#beats.stop();
  }
}

const isOwed = ({ record }: RunningJob): boolean => record.plan.rule === 'resume';
