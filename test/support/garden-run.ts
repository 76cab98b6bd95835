import { setImmediate } from 'node:timers/promises';
import { shippedAgentTypes } from '../../plugins/index.ts';
import type { AgentType } from '../../src/domain/agent/agent-contract.ts';
import { replay } from '../../src/domain/agent-bench/what-if.ts';
import type { JobEvent, JobRequest, JobStep } from '../../src/domain/job/job.ts';
import { JobRunner } from '../../src/domain/runner/job-runner.ts';
import type { RuntimeEvent } from '../../src/domain/runtime/events.ts';
import type { Delivery, Publication } from '../../src/domain/runtime/ports.ts';
import { SensorRuntime } from '../../src/domain/runtime/sensor-runtime.ts';
import type { Timetable } from '../../src/domain/time/clock.ts';
import type { GardenHarness } from './garden-harness.ts';

/** Runtime and job-runner from one start of the process to its end, and the messages between them. */
export class GardenRun {
  readonly runtime: SensorRuntime;
  readonly runner: JobRunner;
  /** Told of what goes by, in the moment in which it is sent. */
  observer: {
    publishes?(publication: Publication): void;
    steps?(step: JobStep): void;
    ends?(event: JobEvent): void;
    asks?(job: JobRequest): void;
    decides?(decision: Extract<RuntimeEvent, { kind: 'decision' }>): void;
    /** `hasRefused`: what was written last had not been taken by the store. */
    crashes?(hasRefused: boolean): void;
    redeploysRuntime?(): void;
    connects?(): void;
    delivers?(delivery: Delivery): void;
  } = {};
  readonly #garden: GardenHarness;
  readonly #messages: (() => void)[] = [];
  readonly #patience: Timetable<() => void>;
  #isOver = false;

  constructor(garden: GardenHarness) {
    this.#garden = garden;
    this.#patience = garden.clock.timetable((giveUp) => giveUp());
    this.runtime = this.#createRuntime();
    this.runner = this.#createRunner();
  }

  /** Puts a message on the wires. */
  post(message: () => void): void {
    if (!this.#isOver) this.#messages.push(message);
  }

  /** Every message arrives in a turn of its own, as in Node-RED; at most so many turns. */
  async settle(most = Number.POSITIVE_INFINITY): Promise<void> {
    for (let turn = 0; turn < most; turn++) {
      await setImmediate();
      const message = this.#messages.shift();
      if (message === undefined && !this.#garden.store.isBusy) return;
      message?.();
    }
  }

  /** News of the pool, as they arrive over the wire. */
  connected(): void {
    this.observer.connects?.();
    this.runtime.brokerConnected();
  }

  reported(delivery: Delivery, isDelivered: boolean): void {
    if (!isDelivered) this.runtime.undelivered(delivery);
    else {
      if (delivery.envelope === undefined) this.observer.delivers?.(delivery);
      this.runtime.delivered(delivery);
    }
  }

  /** The process is gone: nobody acts any more. */
  end(): void {
    this.#isOver = true;
    this.#messages.length = 0;
  }

  /** Only the runtime is deployed anew; the job-runner works on. */
  replaceRuntime(): void {
    this.runtime.stop();
    this.observer.redeploysRuntime?.();
    this.#garden.epoch += 1;
    (this as { runtime: SensorRuntime }).runtime = this.#createRuntime();
  }

  /** Only the job-runner is deployed anew. */
  async replaceRunner(): Promise<void> {
    this.runner.stop();
    this.runtime.runnerStopped();
    (this as { runner: JobRunner }).runner = this.#createRunner();
    await this.runner.start();
  }

  #createRuntime(): SensorRuntime {
    const garden = this.#garden;
    const { clock, keys, types, logLines, limits, store } = garden;
    return new SensorRuntime({
      store,
      keys,
      agentTypes: types,
      plugins: garden.plugins,
      clock,
      logLines,
      limits,
      timetable: clock.timetable,
      wires: this.#wires(),
      log: {
        info: (line) => this.#log(`info ${line}`),
        warn: (line) => this.#log(`warn ${line}`),
        error: (line) => this.#log(`error ${line}`),
      },
      epoch: () => garden.epoch,
      newId: () => garden.newId(),
      newKey: () => `key${garden.newId()}`,
      brokers: () => garden.brokers,
      brokerStandings: () => [{ name: 'here', serves: garden.pool.isConnected, since: null, problem: null }],
      supplies: garden.supplies,
      metrics: async () => '',
      within: (promise, ms) => this.#within(promise, ms),
      whatIf: async (question) => {
        const type = shippedAgentTypes.find(({ name }) => name === question.agentName);
        return replay(type as AgentType<unknown, object>, question);
      },
      ...(garden.home === null ? {} : { homeAssistant: garden.home.ports() }),
    });
  }

  async #within<Value>(promise: Promise<Value>, ms: number): Promise<Value> {
    const late = Promise.withResolvers<never>();
    const giveUp = () => late.reject(new Error(`no answer within ${ms} ms`));
    this.#patience.set(giveUp, this.#garden.clock.now() + ms);
    try {
      return await Promise.race([promise, late.promise]);
    } finally {
      this.#patience.delete(giveUp);
    }
  }

  #wires(): ConstructorParameters<typeof SensorRuntime>[0]['wires'] {
    const garden = this.#garden;
    const toRunner = (
      topic: Parameters<GardenHarness['jobWire']>[0],
      payload: Parameters<GardenHarness['jobWire']>[1],
      deliver: () => void,
    ) => {
      garden.told.push({ wire: topic, payload });
      this.post(() => {
        if (garden.jobWire(topic, payload)) deliver();
      });
    };
    return {
      publish: (publication) => {
        if (this.#isOver) return;
        this.observer.publishes?.(publication);
        this.post(() => garden.pool.publish(publication));
      },
      startJob: (job) => {
        this.observer.asks?.(job);
        toRunner('job/start', job, () => void this.runner.request(job).catch(this.#failed));
      },
      isRunnerNext: () => garden.isRunnerNext,
      cancelJob: (job, reason) => toRunner('job/cancel', { job }, () => this.runner.cancel(job, reason)),
      cutJob: (job, ms) => toRunner('job/cut', { job }, () => this.runner.cut(job, ms)),
      jobDelivered: (job) => toRunner('job/delivered', { job }, () => this.runner.delivered(job)),
      syncJobs: () => toRunner('job/sync', undefined, () => this.runner.sync()),
      event: (event) => {
        if (event.kind === 'decision') this.observer.decides?.(event);
        garden.told.push({ wire: `event/${event.kind}`, payload: event });
      },
    };
  }

  readonly #failed = (error: unknown): void => {
    this.#log(`runner ${String(error)}`);
  };

  /** The dead say nothing. */
  #log(line: string): void {
    if (!this.#isOver) this.#garden.logged.push(line);
  }

  #createRunner(): JobRunner {
    const garden = this.#garden;
    return new JobRunner({
      store: garden.store,
      clock: garden.clock,
      timetable: garden.clock.timetable,
      waitsForDelivery: true,
      supplies: garden.supplies,
      step: (step) => {
        if (this.#isOver) return;
        this.observer.steps?.(step);
        garden.told.push({ wire: 'job/step', payload: step });
        this.post(() => {
          if (garden.isRunnerHeard) this.runtime.jobStep(step);
        });
      },
      event: (event) => {
        this.observer.ends?.(event);
        garden.told.push({ wire: `job/${event.event}`, payload: event });
        this.post(() => {
          if (garden.isRunnerHeard) this.runtime.jobEvent(event);
        });
      },
    });
  }
}
