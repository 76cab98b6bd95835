import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import type { Register } from '../support/register.ts';
import { type Bed, FAN, GUEST, WATER } from './bed.ts';
import { call } from './rest.ts';

/** Runs of five seconds and less are refused; longer ones make the scenarios long. */
const SHORTEST_RUN_S = 6;
const LONGEST_RUN_S = 8;
const LONGEST_PAUSE_MS = 120;

interface Change {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body: unknown;
  acknowledged(sentAt: number): void;
  unanswered(sentAt: number): void;
  /** What was refused for the moment (503); absent: it may be there later, as one without an answer. */
  refused?(): void;
}

/** It must not be there later. */
const NEVER_THERE = { refused: () => undefined };

/** Makes one change after the other on a bed over REST, and remembers what was acknowledged. */
export class Gardener {
  readonly bed: Bed;
  /** When a change was acknowledged last, ms of `performance.now()`. */
  acknowledgedAt = 0;
  /** How long the slowest acknowledgement took: it waits for a commit. */
  slowestMs = 0;
  runs = 0;
  refused = 0;
  readonly #url: string;
  readonly #random: Random;
  #isRunning = true;
  #isResting = false;
  #done: Promise<void> | null = null;
  #working: Promise<void> = Promise.resolve();

  constructor(url: string, bed: Bed, random: Random) {
    this.#url = url;
    this.bed = bed;
    this.#random = random;
  }

  get acknowledged(): number {
    return this.bed.registers.reduce((sum, { count }) => sum + count, this.runs);
  }

  start(): void {
    this.#done ??= this.#work();
  }

  /** Resolves when no request is under way; none is made until `goOn`. */
  async rest(): Promise<void> {
    this.#isResting = true;
    await this.#working;
  }

  goOn(): void {
    this.#isResting = false;
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#done;
  }

  async #work(): Promise<void> {
    while (this.#isRunning) {
      if (!this.#isResting) {
        this.#working = this.make(this.#next());
        await this.#working;
      }
      await pause(this.#random.between(5, LONGEST_PAUSE_MS));
    }
  }

  async make(change: Change): Promise<void> {
    const sentAt = performance.now();
    const { method, path, body } = change;
    const answer = await call(this.#url, method, { path, key: this.bed.address.key, body });
    if (answer?.status === 200) {
      this.acknowledgedAt = performance.now();
      this.slowestMs = Math.max(this.slowestMs, this.acknowledgedAt - sentAt);
      change.acknowledged(sentAt);
      return;
    }
    if (answer !== null) this.refused += 1;
    if (answer !== null && change.refused !== undefined) change.refused();
    else change.unanswered(sentAt);
  }

  #next(): Change {
    const changes = [
      () => this.force(this.#random.between(SHORTEST_RUN_S, LONGEST_RUN_S)),
      () => this.force(0),
      () => this.#fan(),
      () => this.#setting(),
      () => this.#reading(),
      () => this.#guest(),
    ] as const;
    return this.#random.pick(changes)();
  }

  force(seconds: number): Change {
    const { bed } = this;
    const { watch } = bed;
    return {
      method: 'POST',
      path: bed.agentPath(WATER),
      body: { payload: seconds },
      acknowledged: () => {
        const now = performance.now();
        this.runs += 1;
        if (seconds > 0) this.#toldUntil(now + seconds * 1000, now);
        watch.mayRunUntil(now + seconds * 1000, now);
        bed.forcedUntil = seconds === 0 ? null : now + seconds * 1000;
      },
      unanswered: () => {
        const now = performance.now();
        if (seconds > 0) watch.mightRunUntil(now + seconds * 1000, now);
        if (seconds > 0) this.#toldUntil(now + seconds * 1000, now);
        bed.forcedUntil = null;
      },
    };
  }

  /** What a device was told last may not have reached it: the latest end of all that it can know. */
  #toldUntil(deadline: number, now: number): void {
    this.bed.honouring.mightRunUntil(deadline, now);
  }

  #fan(): Change {
    const value = this.#random.between(0, 100);
    const path = this.bed.agentPath(FAN);
    const change = this.#set(this.bed.fan, value, { method: 'POST', path, body: { payload: value * 10 } });
    // Turning off never waits for the disk: it is off, also where that was refused.
    return value === 0 ? change : { ...change, ...NEVER_THERE };
  }

  #setting(): Change {
    const value = this.#random.between(1, 60);
    const body = {
      '01_active': { Switch: true },
      '02_min_threshold': { IntSlider: [0, 100, value] },
      '03_action_duration_ms': { TimeSlider: [0, 600_000, 60_000, 40] },
      '04_action_cooldown_ms': { TimeSlider: [0, 3_600_000, 30_000, 60] },
    };
    const path = this.bed.agentPath(WATER, '/config');
    return { ...this.#set(this.bed.threshold, value, { method: 'POST', path, body }), ...NEVER_THERE };
  }

  #reading(): Change {
    const value = this.#random.between(1, 100_000);
    const path = `sensor/${this.bed.address.id}/data`;
    return this.#set(this.bed.light, value, { method: 'POST', path, body: { light: value } });
  }

  #guest(): Change {
    const { bed } = this;
    const isThere = bed.guest.acknowledged;
    const path = `agent/${bed.address.id}`;
    const body = { domain: GUEST, agent_name: 'TestAgent' };
    return this.#set(bed.guest, !isThere, { method: isThere ? 'DELETE' : 'POST', path, body });
  }

  #set<Value extends string | number | boolean>(
    register: Register<Value>,
    value: Value,
    request: Pick<Change, 'method' | 'path' | 'body'>,
  ): Change {
    return {
      ...request,
      acknowledged: () => register.wasAcknowledged(value),
      unanswered: () => register.wasNotAnswered(value),
    };
  }
}
