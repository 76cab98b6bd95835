import { RipeError } from '../../domain/errors.ts';
import type { JobRecord } from '../../domain/job/job.ts';
import type { JobRunner } from '../../domain/runner/job-runner.ts';
import type { RuntimeEvent } from '../../domain/runtime/events.ts';
import type { SensorRuntime } from '../../domain/runtime/sensor-runtime.ts';
import { chooser, type OneSensor, type SensorChoice } from '../../domain/sensor/sensor-choice.ts';
import type { Twin } from '../../domain/sensor/twin.ts';

/** What of a runtime is open to other nodes of its garden, and to the editor. */
export type LiveRuntime = Pick<SensorRuntime, 'twins' | 'force' | 'reasonOf' | 'request'>;

/** What of a job-runner is open to the editor. */
export type LiveRunner = Pick<JobRunner, 'openJobs' | 'cancel'>;

export interface LiveFollower {
  event(event: RuntimeEvent): void;
  /** A runtime has come, or has gone. */
  changed?(): void;
}

/**
 * The runtime of a garden as other nodes see it: who follows its sensors hears their events also where no wire leads,
 * and who forces an actuator is answered. One runtime serves at a time; followers outlive it.
 */
export class LiveGarden {
  #runtime: LiveRuntime | null = null;
  readonly #runners = new Set<LiveRunner>();
  readonly #followers = new Set<LiveFollower>();

  /** A runtime is at work; the answer ends that. */
  serve(runtime: LiveRuntime): () => void {
    this.#runtime = runtime;
    this.#changed();
    return () => {
      if (this.#runtime !== runtime) return;
      this.#runtime = null;
      this.#changed();
    };
  }

  get isServed(): boolean {
    return this.#runtime !== null;
  }

  /** Throws RIPE_RUNTIME_MISSING while there is none. */
  get runtime(): LiveRuntime {
    if (this.#runtime === null) throw new RipeError('RIPE_RUNTIME_MISSING');
    return this.#runtime;
  }

  /** A job-runner is at work; the answer ends that. */
  run(runner: LiveRunner): () => void {
    this.#runners.add(runner);
    return () => this.#runners.delete(runner);
  }

  /** Every job of the garden that is not over, of its sensors and of flows. */
  get jobs(): JobRecord[] {
    return [...this.#runners].flatMap(({ openJobs }) => openJobs);
  }

  /** Ends a job of a flow; those of agents are ended by `force`, so that the agent knows. */
  cancel(job: string, reason: string): void {
    for (const runner of this.#runners) runner.cancel(job, reason);
  }

  /** Of the runtime that serves: something has happened. */
  tell(event: RuntimeEvent): void {
    for (const follower of this.#followers) follower.event(event);
  }

  /** The answer ends it. */
  follow(follower: LiveFollower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  get followers(): number {
    return this.#followers.size;
  }

  /** The sensors that a choice means, by their ids. */
  chosen(choice: SensorChoice): Twin[] {
    const { twins } = this.runtime;
    if (choice.of === 'one') {
      const twin = twins[choice.id];
      return twin === undefined ? [] : [twin];
    }
    const isChosen = chooser(choice);
    return Object.values(twins).filter(isChosen);
  }

  /** The one sensor that is meant; an error says that there is none, or that there are several. */
  theSensor(choice: OneSensor): Twin {
    const [twin, ...others] = this.chosen(choice);
    const name = choice.of === 'one' ? String(choice.id) : `"${choice.pattern}"`;
    if (twin === undefined) throw new RipeError('RIPE_SENSOR_UNKNOWN', { sensor: name });
    if (others.length > 0) throw new RipeError('RIPE_SENSOR_AMBIGUOUS', { name, count: others.length + 1 });
    return twin;
  }

  #changed(): void {
    for (const { changed } of this.#followers) changed?.();
  }
}
